import gettext
import io
from pathlib import Path

from babel.messages.extract import extract

from deploy.local.catalogues import COMMENTS, KEYWORDS, compile_catalogue, from_template

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Book"
msgstr "Buchen"
"""
TEMPLATE = """
{% load i18n %}
<div>
    <p title="{% translate "Our team" %}">{{ name|default:_("Somebody") }}</p>
  {# Translators: on the button #}
  <b>{% translate "Book" context "verb" %}</b>
      {% blocktranslate count n=n trimmed %}
        One
        visit
      {% plural %}{{ n }} visits{% endblocktranslate %}
</div>
"""


def test_a_catalogue_is_compiled_beside_its_source(tmp_path: Path) -> None:
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    compiled = compile_catalogue(source)
    assert compiled == source.with_suffix(".mo")
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Book") == "Buchen"


def test_every_kind_of_text_in_a_template_is_found() -> None:
    found = list(extract(from_template, io.BytesIO(TEMPLATE.encode()), KEYWORDS, COMMENTS))
    assert [(message, context) for _, message, _, context in found] == [
        ("Our team", None),
        ("Somebody", None),
        ("Book", "verb"),
        (("One visit", "%(n)s visits"), None),
    ]
    assert found[2][2] == ["Translators: on the button"]
