"""A page as bytes, and the digest that tells whether it has to be rendered at all."""

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from public_site.schema import Site
from public_site.wording import FILTERS

HERE = Path(__file__).parent
HOLE = "<!--hole-->"
"""Literal in the layout; no data can look like it, because `<` in data is escaped."""


class Page(NamedTuple):
    """A planned page: where it goes, its template, and everything the template is given."""

    path: str
    template: str
    context: dict[str, Any]


class Renderer:
    """Renders the pages of one site. Same page, same site, same program: same bytes.

    edition: digest of what all pages share - the site's facts, the templates and this program.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._phones = _environment().globals["parts"].phones(site.phones)  # type: ignore[attr-defined]
        self._shells: dict[tuple[str, str], list[str]] = {}
        self.edition = blake2b(repr(site).encode() + _program(), digest_size=16).digest()

    def key(self, page: Page) -> bytes:
        """Digest of everything the page is made from."""
        made_from = repr(page).encode("utf-8", "surrogatepass")
        return blake2b(made_from, key=self.edition, digest_size=16).digest()

    def render(self, page: Page) -> bytes:
        """The page as UTF-8; addresses in it are relative to where the page lies.

        Raises ValueError for text that no page can show (NUL, half of a surrogate pair).
        """
        root = "../" * page.path.count("/")
        template = _environment().get_template(page.template)
        shared = {"site": self._site, "phones": self._phones, "root": root}
        context = template.new_context({**page.context, **shared})
        robots, title, description, main = (
            "".join(template.blocks[block](context)) if block in template.blocks else ""
            for block in ("robots", "title", "description", "main")
        )
        shell = self._shell(root, page.path.partition("/")[0])
        filling = (robots, title, description or title, title, description or title, main, "")
        parts = [text for pair in zip(shell, filling, strict=True) for text in pair]
        return _encoded("".join(parts), page.path)

    def _shell(self, root: str, section: str) -> list[str]:
        """What surrounds a page in this folder: the layout, cut at its holes."""
        if (root, section) not in self._shells:
            layout = _environment().get_template("layout.html")
            text = layout.render(site=self._site, phones=self._phones, root=root, section=section)
            self._shells[root, section] = text.split(HOLE)
        return self._shells[root, section]


def _encoded(text: str, path: str) -> bytes:
    if "\0" in text:
        raise ValueError(f"{path} 的内容里有空字符，请删去后再发布")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{path} 的内容里有不完整的字符，请改正后再发布") from error


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    environment.globals["parts"] = environment.get_template("parts.html").module
    return environment


@cache
def _program() -> bytes:
    digest = blake2b()
    for file in sorted(HERE.rglob("*")):
        if file.suffix in (".py", ".html", ".css", ".js", ".svg"):
            digest.update(file.relative_to(HERE).as_posix().encode() + file.read_bytes())
    return digest.digest()
