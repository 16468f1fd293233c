"""A disk that fills up while a site is built or brought: the old site stays, and the error says why."""

from pathlib import Path

import pytest
from published import published
from trees import tree

from public_site import build, check
from tests.full_disk import enlarge

SMALL, LARGE = 40, 300
"""Projects of the old and of the new site."""
ENOUGH = 40_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The new site on a disk with room."""
    made = tmp_path_factory.mktemp("elsewhere") / "public"
    build(published(LARGE), made)
    return made


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.95])
def test_r12_a_build_that_fills_the_disk_keeps_the_old_site(
    tmp_path: Path, whole: Path, share: float, small_disk
):
    with small_disk(tmp_path / "disk", ENOUGH) as disk:
        out = disk / "public"
        build(published(SMALL), out)
        old, used = tree(out), kilobytes(disk)
        enlarge(disk, used + int(share * kilobytes(whole.parent)))
        with pytest.raises(OSError, match="磁盘已满"):
            build(published(LARGE), out)
        assert (tree(out), check(out)) == (old, [])
        assert kilobytes(disk) == used
        enlarge(disk, ENOUGH)
        build(published(LARGE), out)
        assert tree(out) == tree(whole)


def kilobytes(folder: Path) -> int:
    """What the files below a folder take on a disk of 4 KB blocks."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(-(-path.stat().st_size // 4096) * 4 for path in files)
