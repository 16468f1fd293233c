"""What each of the thousands of apps of a run would work out anew, worked out once.

Every test has an app of its own. Two thirds of making one go into compiling the same addresses and reading
the same rule book, and most of a first page into compiling the same templates.
"""

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from portal.rules import book

_FOLDER = tempfile.TemporaryDirectory(prefix="portal-templates-")
_compile = Rule._compile_builder
_read = book.load


@functools.cache
def _default_book() -> book.Book:
    return _read()


def _load(folder: Path | None = None) -> book.Book:
    return _read(folder) if folder else _default_book()


def _compile_once(known: dict[Any, Any]) -> Callable[..., Any]:
    """The builder of an address follows from its parts and defaults alone."""

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        key = (tuple(rule._trace), defaults, append_unknown)
        if key not in known:
            known[key] = _compile(rule, append_unknown)
        return known[key]

    return builder


def install() -> None:
    """For all apps that are made from now on."""
    Rule._compile_builder = _compile_once({})
    book.load = _load


def share_templates(app: Flask) -> None:
    """Let the app use what other apps have compiled."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(_FOLDER.name)
