"""The lock files are complete, agree with each other, and name no place to download from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+)(\[[\w,.-]+\])?==(?P<version>[\w.+!-]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def entries(lock: Path) -> list[str]:
    """Return each requirement with its continuation lines joined, comments left out."""
    lines = [line for line in lock.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip()]


def pins(lock: Path) -> set[tuple[str, str]]:
    """Return (name, version) of each requirement."""
    found = map(REQUIREMENT.match, entries(lock))
    return {(pin["name"], pin["version"]) for pin in found if pin}


def test_the_locks_exist():
    wanted = {"requirements.lock", "requirements-publish.lock", "requirements-dev.lock"}
    assert {lock.name for lock in LOCKS} == wanted


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
@pytest.mark.parametrize("word", ["http", "--index", "--extra-index", "--find-links", "file:", "@"])
def test_no_address_in_a_lock(lock, word):
    assert word not in lock.read_text()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_l10_every_requirement_is_pinned_and_hashed(lock):
    loose = [entry for entry in entries(lock) if not REQUIREMENT.match(entry)]
    unhashed = [entry for entry in entries(lock) if not HASH.search(entry)]
    assert entries(lock)
    assert (loose, unhashed) == ([], [])


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("requirements.lock", "requirements-publish.lock"),
        ("requirements-publish.lock", "requirements-dev.lock"),
    ],
)
def test_each_lock_holds_the_smaller_one(smaller, larger):
    assert pins(ROOT / smaller) - pins(ROOT / larger) == set()
