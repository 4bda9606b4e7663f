from pathlib import Path

from deploy.local.stamps import Stamp, fingerprint, source_files


def test_a_stamp_counts_only_for_the_content_it_was_made_for(tmp_path: Path) -> None:
    source = tmp_path / "lock.txt"
    source.write_text("django==5.2.19")
    stamp = Stamp(tmp_path / "stamps" / "packages", fingerprint([source]))
    assert not stamp.is_current()
    stamp.write()
    assert stamp.is_current()
    source.write_text("django==5.2.20")
    assert not Stamp(stamp.file, fingerprint([source])).is_current()


def test_touching_a_file_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "lock.txt"
    source.write_text("django==5.2.19")
    before = fingerprint([source])
    source.touch()
    assert fingerprint([source]) == before


def test_content_that_moves_to_another_file_counts_as_a_change(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_text("x")
    other.write_text("x")
    assert fingerprint([one]) != fingerprint([other])


def test_what_was_built_is_not_a_source(tmp_path: Path) -> None:
    for name in (
        "src/app.ts",
        "node_modules/x/index.js",
        "dist/app.js",
        ".vite/cache",
        "lock.json",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    found = [str(file.relative_to(tmp_path)) for file in source_files(tmp_path)]
    assert found == ["lock.json", "src/app.ts"]


def test_sources_can_be_chosen_by_their_ending(tmp_path: Path) -> None:
    for name in ("a.py", "b.txt"):
        (tmp_path / name).write_text("")
    assert [file.name for file in source_files(tmp_path, suffixes=(".py",))] == ["a.py"]
