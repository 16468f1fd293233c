"""Puts a whole release together: fresh files, and everything else linked from the last one."""

import os
import shutil
from pathlib import Path

from public_site.inventory import Inventory
from public_site.release import Releases

SAME = "from file n join previous.file p on p.path = n.path and p.sha = n.sha"
GONE = "from previous.file p where not exists (select 1 from file n where n.path = p.path)"
EXTRA = "from spare.file s where not exists (select 1 from file n where n.path = s.path)"
LACKING = f"{SAME} left join spare.file s on s.path = n.path and s.sha = n.sha where s.path is null"


def assemble(releases: Releases, inventory: Inventory, written: int) -> Path:
    """The folder with every file of the inventory; `inventory` has `previous` attached, if any.

    A small change takes the oldest release apart and mends it, so the work grows with the change
    and not with the site; otherwise the unchanged files are linked into the folder of fresh ones.
    """
    current = releases.current()
    if current is None:
        return releases.fresh
    source = releases.tree(current)
    spare = releases.spare()
    (count,) = next(inventory.rows("select count(*) from file"))
    if spare is None or written * 2 > count:
        _link(SAME, source, releases.fresh, inventory)
        return releases.fresh
    return _mended(releases, spare, source, inventory)


def _mended(releases: Releases, spare: int, source: Path, inventory: Inventory) -> Path:
    """The spare release, made equal to the inventory."""
    inventory.attach(releases.inventory_of(spare), "spare")
    gone = [path for (path,) in inventory.rows(f"select s.path {EXTRA}")]
    _link(LACKING, source, releases.fresh, inventory)
    inventory.detach("spare")
    tree = releases.take(spare)
    for path in gone:
        (tree / path).unlink()
    _move(releases.fresh, tree)
    return tree


def _link(which: str, source: Path, target: Path, inventory: Inventory) -> None:
    made = set()
    for (path,) in inventory.rows(f"select n.path {which}"):
        folder = path.rpartition("/")[0]
        if folder not in made:
            (target / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        _link_or_copy(f"{source}/{path}", f"{target}/{path}")


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _move(source: Path, target: Path) -> None:
    """Every file of the source into the target, in place of what is there."""
    for folder, _, files in os.walk(source):
        goal = target / Path(folder).relative_to(source)
        goal.mkdir(parents=True, exist_ok=True)
        for name in files:
            os.replace(f"{folder}/{name}", goal / name)  # noqa: PTH105 - pathlib is slow here
