"""The style sheets hold what the pages use, and nothing else."""

import re
from pathlib import Path

import public_site

HERE = Path(public_site.__file__).parent
COMPUTED = re.compile(r"w-\d+|bar-[a-dn]|[a-d]").fullmatch
"""Widths of bars and tones of the picture: the templates put these together."""


def test_no_rule_is_left_over():
    names = {
        name
        for sheet in (HERE / "assets").glob("*.css")
        for name in re.findall(r"\.([a-z][\w-]*)", sheet.read_text())
        if not COMPUTED(name)
    }
    makers = [*(HERE / "templates").glob("*.html"), *(HERE / "assets").glob("*.js")]
    written = "".join(file.read_text() for file in makers)
    used = set(re.findall(r"[a-z][\w-]*", written))
    assert len(names) > 50
    assert names <= used, f"no page uses {sorted(names - used)}"
