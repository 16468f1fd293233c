"""What a template may not contain, and what each form and fragment must (SECURITY C2, C4, C9)."""

import ast
import re
from html.parser import HTMLParser

import pytest

from tests.architecture.source import PORTAL, modules, name, templates, tree

FORBIDDEN = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style|\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=",
    "hx-on": r"hx-on[:=]",
    "a js: value": r"[\"']js:|javascript:",
    "a trigger filter, which fails open": r"hx-trigger\s*=\s*[\"'][^\"']*\[",
    "a request that puts its fields into the address": r"hx-(delete|put|patch)",
    "a value taken as HTML": r"\|\s*safe\b|autoescape\s+false",
    "something from another place": r"(src|href|action)\s*=\s*[\"'](https?:)?//",
}
FORM = re.compile(r"<form\b(?P<head>[^>]*)>(?P<body>.*?)</form>", re.S | re.I)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_c2_no_template_contains(what):
    pattern = re.compile(FORBIDDEN[what], re.I)
    found = [
        f"{name(path)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_c4_every_form_that_posts_carries_the_token():
    bare = [
        f"{name(path)}: {form['head']}"
        for path in templates()
        for form in FORM.finditer(path.read_text())
        if re.search(r"method\s*=\s*.post", form["head"], re.I)
        if "hidden(" not in form["body"] and "csrf_token" not in form["body"]
    ]
    assert bare == []


def test_c9_whatever_htmx_posts_is_a_form_that_works_without_it():
    lonely = [
        f"{name(path)}: {tag[:80]}"
        for path in templates()
        for tag in re.findall(r"<[^>]*\bhx-post\b[^>]*>", path.read_text())
        if not re.match(r"<(form|button|input)", tag)
    ]
    assert lonely == []


def fragments():
    """The templates that a view names as ``fragment=``."""
    found = set()
    for path in modules(PORTAL):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "fragment":
                found |= {
                    c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and c.value
                }
    return sorted(found)


class _Roots(HTMLParser):
    """Collects the elements at the top of a fragment."""

    VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})

    def __init__(self):
        super().__init__()
        self.depth = 0
        self.roots = []

    def handle_starttag(self, tag, attrs):
        if self.depth == 0:
            self.roots.append(dict(attrs).get("id"))
        self.depth += tag not in self.VOID

    def handle_endtag(self, tag):
        self.depth -= tag not in self.VOID


@pytest.mark.parametrize("fragment", fragments())
def test_c6_a_fragment_is_one_element_named_like_its_file(fragment):
    path = PORTAL / "templates" / fragment
    parser = _Roots()
    parser.feed(re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text(), flags=re.S))
    assert path.name.startswith("_")
    assert parser.roots == [path.stem.removeprefix("_")]


def test_every_template_is_used():
    """A page that nothing shows is a page that nobody checks."""
    shown = "\n".join(p.read_text() for p in [*modules(PORTAL), *templates()])
    root = PORTAL / "templates"
    unused = [name(p) for p in templates() if p.relative_to(root).as_posix() not in shown]
    assert unused == []
