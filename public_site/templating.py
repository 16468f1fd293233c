"""The templates, and how text gets into them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import escape

from public_site.wording import FILTERS

MARKUP = re.compile("[&<>\"']").search
TEMPLATES = Path(__file__).parent / "templates"


class _Code(CodeGenerator):
    """Templates that escape by `_escaped`: text without markup is not copied into a `Markup`."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:  # noqa: ANN401 - as inherited
        self.write("environment.escaped(")


class _Environment(Environment):
    code_generator_class = _Code

    @staticmethod
    def escaped(value: object) -> str:
        """The value as it goes into the page: a hundred times a page, so plain text comes first."""
        if type(value) is str:
            return escape(value) if MARKUP(value) else value
        return str(value) if type(value) is int else escape(value)


@cache
def environment() -> Environment:
    """The templates of the site, with their filters and macros."""
    templates = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters.update(FILTERS)
    templates.globals["parts"] = templates.get_template("parts.html").module
    templates.globals["pictures"] = templates.get_template("pictures.html").module
    return templates
