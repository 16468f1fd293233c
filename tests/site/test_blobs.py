"""Photos and files: copied once, named by their content, gone with the last page that shows them."""

from datetime import date
from pathlib import Path

import pytest
from published import Published, published
from trees import tree

from public_site import Changed, JsonLines, build, check, export
from public_site.names import blob_name
from public_site.schema import File, Photo

JPEG, OTHER = b"\xff\xd8 a picture", b"\xff\xd8 another picture"
PDF = b"%PDF-1.7 a paper"


def _photo(data: Published, content: bytes, percent: int = 30) -> Photo:
    name = blob_name("photos", content, "jpg")
    data.blobs[name] = content
    return Photo(name, date(2023, 6, 1), percent, "", 640, 480)


def _file(data: Published, content: bytes) -> File:
    name = blob_name("files", content, "pdf")
    data.blobs[name] = content
    return File(name, "办法", len(content))


@pytest.fixture
def data() -> Published:
    made = published(12)
    first, second = (row.code for row in made.project_rows[:2])
    made.change_project(first, photos=(_photo(made, JPEG), _photo(made, OTHER, 60)))
    made.change_project(second, photos=(_photo(made, JPEG),))
    made.change_notice(made.notice_rows[0].code, files=(_file(made, PDF),))
    return made


def test_what_is_shown_lies_on_the_site_and_in_the_manifest(
    data: Published, tmp_path: Path
) -> None:
    build(data, tmp_path / "public")
    files = tree(tmp_path / "public")
    assert files[blob_name("photos", JPEG, "jpg")] == JPEG
    assert files[blob_name("files", PDF, "pdf")] == PDF
    assert len([name for name in files if name.startswith(("photos/", "files/"))]) == 3
    assert not check(tmp_path / "public")


def test_a_second_build_asks_for_no_bytes(data: Published, tmp_path: Path) -> None:
    build(data, tmp_path / "public")
    data.blobs.clear()
    data.change_project(data.project_rows[0].code, name="改了名称")
    built = build(data, tmp_path / "public")
    assert built.removed == 0
    assert not check(tmp_path / "public")


@pytest.mark.parametrize("told", [True, False], ids=["told", "found"])
def test_a_photo_leaves_with_the_last_page_that_shows_it(
    data: Published, tmp_path: Path, *, told: bool
) -> None:
    out = tmp_path / "public"
    build(data, out)
    shared, alone = (blob_name("photos", one, "jpg") for one in (JPEG, OTHER))
    first, second = (row.code for row in data.project_rows[:2])
    for code, left in ((first, {shared}), (second, set())):
        data.change_project(code, photos=())
        build(data, out, changed=Changed(frozenset([code])) if told else None)
        files = tree(out)
        assert {shared, alone} & files.keys() == left
        build(data, tmp_path / f"full-{code}")
        assert files == tree(tmp_path / f"full-{code}")


def test_both_pages_changed_at_once_take_the_shared_photo_along(
    data: Published, tmp_path: Path
) -> None:
    out = tmp_path / "public"
    build(data, out)
    codes = [row.code for row in data.project_rows[:2]]
    for code in codes:
        data.change_project(code, photos=())
    build(data, out, changed=Changed(frozenset(codes)))
    assert not [name for name in tree(out) if name.startswith("photos/")]
    assert not check(out)


def test_a_withdrawn_notice_takes_its_files_along(data: Published, tmp_path: Path) -> None:
    out = tmp_path / "public"
    build(data, out)
    gone = data.notice_rows.pop(0).code
    build(data, out, changed=Changed(notices=frozenset([gone])))
    assert not [name for name in tree(out) if name.startswith("files/")]
    assert not check(out)


def test_other_bytes_than_the_name_says_stop_the_build(data: Published, tmp_path: Path) -> None:
    out = tmp_path / "public"
    build(data, out)
    before = tree(out)
    added = _photo(data, b"\xff\xd8 a third")
    data.blobs[added.name] = b"\xff\xd8 something else"
    data.change_project(data.project_rows[3].code, photos=(added,))
    with pytest.raises(ValueError, match="哈希值不一致"):
        build(data, out)
    assert tree(out) == before


def test_plain_files_carry_the_bytes(data: Published, tmp_path: Path) -> None:
    export(data, tmp_path / "data")
    build(data, tmp_path / "public")
    build(JsonLines(tmp_path / "data"), tmp_path / "again")
    assert tree(tmp_path / "again") == tree(tmp_path / "public")


@pytest.mark.parametrize(
    "name", ["photos/../../secret.jpg", "photos/a.jpg", f"photos/{'0' * 32}.html", "/etc/passwd"]
)
def test_a_name_can_only_be_a_hash(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="哈希值命名"):
        Photo(name, date(2023, 6, 1), 0, "", 1, 1)
    with pytest.raises(ValueError, match="哈希值命名"):
        JsonLines(tmp_path).blob(name)
