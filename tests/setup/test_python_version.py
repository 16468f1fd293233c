"""An old Python is told what to do instead of failing on syntax."""

import ast
from pathlib import Path

import manage

SOURCE = Path(manage.__file__)


def test_old_python_is_told_what_to_install():
    message = manage.outdated(3, 9)
    assert "This is Python 3.9" in message
    assert "3.11 or newer" in message
    assert "apt install python3.11" in message


def test_new_python_is_accepted():
    assert [manage.outdated(*version) for version in [(3, 11), (3, 14), (4, 0)]] == ["", "", ""]


def test_old_python_can_read_the_whole_file():
    assert ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6)).body
