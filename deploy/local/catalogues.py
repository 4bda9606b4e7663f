"""Gettext catalogues with Babel, so that no machine needs GNU gettext."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from deploy.local.paths import LOCALE, ROOT
from deploy.local.stamps import source_files

PACKAGES = ("config", "tenants", "shared_apps", "tenant_apps")
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENTS = ("Translators:",)


def compile_catalogue(source: Path) -> Path:
    """Write the `.mo` beside a `.po`. A process that reads it sees the old one or the new one."""
    target = source.with_suffix(".mo")
    partial = target.with_suffix(".mo.partial")
    with partial.open("wb") as file:
        write_mo(file, _read(source))
    return partial.replace(target)


def update_catalogues() -> None:
    """Bring every `django.po` up to date with the code; translations are kept."""
    wanted = extracted()
    for folder in sorted(LOCALE.iterdir()):
        source = folder / "LC_MESSAGES" / "django.po"
        catalogue = _read(source) if source.exists() else Catalog(locale=folder.name)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        source.parent.mkdir(exist_ok=True)
        with source.open("wb") as file:
            write_po(file, catalogue, width=100, ignore_obsolete=True, include_lineno=False)


def extracted() -> Catalog:
    catalogue = Catalog(project="Parlour", charset="utf-8")
    for file, found in _everything():
        for _, message, comments, context in found:
            place = [(str(file.relative_to(ROOT)), 0)]
            catalogue.add(message, locations=place, auto_comments=comments, context=context)
    return catalogue


def _everything() -> Iterator[tuple[Path, Any]]:
    for package in PACKAGES:
        for file in source_files(ROOT / package, suffixes=(".py",)):
            yield file, extract_from_file("python", file, KEYWORDS, COMMENTS)
    for file in source_files(ROOT / "templates"):
        with file.open("rb") as stream:
            yield file, list(extract(from_template, stream, KEYWORDS, COMMENTS))


def from_template(stream: Any, keywords: Any, comments: Any, options: Any) -> Iterator[Any]:
    """Django rewrites a template as something like Python; only its indentation is not."""
    text = templatize(stream.read().decode())
    flat = "\n".join(line.lstrip() for line in text.splitlines())
    yield from extract_python(BytesIO(flat.encode()), keywords, comments, options)


def _read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parents[1].name)


def missing() -> list[str]:
    """Every text without a translation, as ``de: text``. English is the source itself."""
    wanted = extracted()
    found = []
    for folder in sorted(LOCALE.iterdir()):
        catalogue = _read(folder / "LC_MESSAGES" / "django.po")
        for message in wanted:
            translated = catalogue.get(message.id, message.context) if message.id else message
            complete = translated and translated.string and all(_forms(translated.string))
            if message.id and not complete:
                found.append(f"{folder.name}: {message.id!r}")
    return found


def _forms(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


if __name__ == "__main__":
    untranslated = missing()
    print("\n".join(untranslated))
    raise SystemExit(1 if untranslated else 0)
