"""The switch, by links and (as on Windows) by renames."""

from pathlib import Path

import pytest
from trees import tree

from public_site.release import Releases


def publish(releases: Releases, text: str) -> int:
    with releases.locked():
        (releases.fresh / "index.html").write_text(text, "utf-8")
        releases.inventory.write_bytes(text.encode())
        return releases.publish(releases.fresh)


@pytest.mark.parametrize("links", [True, False])
def test_the_last_published_release_is_shown(tmp_path: Path, *, links: bool):
    releases = Releases(tmp_path / "public", links=links)
    for text in ("one", "two", "three", "four", "five"):
        number = publish(releases, text)
        assert releases.current() == number
        assert tree(tmp_path / "public") == {"index.html": text.encode()}
        assert tree(releases.tree(number)) == tree(tmp_path / "public")


def test_a_stop_between_the_two_renames_is_mended_by_the_next_run(tmp_path: Path):
    releases = Releases(tmp_path / "public", links=False)
    for text in ("one", "two"):
        publish(releases, text)
    (tmp_path / "public").rename(releases.folder / "2")
    assert publish(releases, "three") == 3
    assert tree(tmp_path / "public") == {"index.html": b"three"}
    assert tree(releases.tree(2)) == {"index.html": b"two"}


@pytest.mark.parametrize("links", [True, False])
def test_what_a_killed_build_left_behind_is_removed(tmp_path: Path, *, links: bool):
    releases = Releases(tmp_path / "public", links=links)
    publish(releases, "one")
    for left in ("fresh", "mended", "7"):
        (releases.folder / left).mkdir()
    (releases.folder / "fresh.db").write_bytes(b"half")
    (releases.folder / "1.db-wal").write_bytes(b"of a killed reader")
    (releases.folder / "9.db").write_bytes(b"half")
    if links:
        (releases.folder / "link").symlink_to("nowhere")
        (releases.folder / "9.db").unlink()
    else:
        (releases.folder / "9.db").unlink()
    publish(releases, "two")
    names = {"lock", "1", "1.db", "2.db", *(["2"] if links else [])}
    assert {path.name for path in releases.folder.iterdir()} == names
