"""What the repository never says: places of one machine, promises for later."""

import re

import pytest

from tests.architecture.source import ROOT, name, texts

HERE = "tests/architecture/test_repository.py"
OWN = {HERE, "tests/architecture/test_locks.py"}
MACHINE = re.compile(r"/(root|home/\w+|Users/\w+|work)/")
LATER = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError|xfail)\b")
SKIPPED = re.compile(r"mark\.skip\b(?!if)|pytest\.skip\(")


@pytest.mark.parametrize(
    ("what", "pattern", "endings"),
    [
        ("a path of one machine", MACHINE, None),
        ("a promise for later", LATER, {".py", ".html", ".js", ".css", ".md"}),
        ("a test that is left out", SKIPPED, {".py"}),
    ],
    ids=["machine", "later", "skipped"],
)
def test_no_file_contains(what, pattern, endings):
    found = [
        f"{name(path)}:{number} has {what}"
        for path in texts()
        if name(path) not in OWN and (endings is None or path.suffix in endings)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_third_party_code_is_installed_not_copied():
    """Front-end libraries come from wheels (ARCHITECTURE §5)."""
    copied = [
        name(path)
        for folder in ("portal/static", "public_site/assets")
        for path in (ROOT / folder).rglob("*")
        if re.search(r"\.min\.|bootstrap|htmx|jquery", path.name)
    ]
    assert copied == []
