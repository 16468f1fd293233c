"""A page as bytes, and the digest that tells whether it has to be rendered at all."""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from jinja2.runtime import Context

from public_site.schema import Site
from public_site.templating import environment

HERE = Path(__file__).parent
HOLE = "<!--hole-->"
"""Literal in the layout; no data can look like it, because `<` in data is escaped."""

COLUMNS = (
    ("index.html", "首页", "index.html"),
    ("places/index.html", "按村查", "places"),
    ("projects/index.html", "项目", "projects"),
    ("years/index.html", "年度", "years"),
    ("funds/index.html", "资金文件", "funds"),
    ("notices/index.html", "公告公示", "notices"),
    ("data/index.html", "数据下载", "data"),
    ("about.html", "怎么看", "about.html"),
)
"""Of each column: its first page, its name, and what its addresses begin with."""

LOST = "404.html"
DEPTHS = ["", "../", "../../", "../../../"]
"""A web server shows the page for missing addresses at any of them: one of these leads to the root."""


class Page(NamedTuple):
    """A planned page: where it goes, its template, and everything the template is given."""

    path: str
    template: str
    context: dict[str, Any]


class Template(NamedTuple):
    """blocks: what renders each. context: asked for names. always: what every page gives it."""

    blocks: dict[str, Callable[[Context], Iterator[str]]]
    context: Context
    always: dict[str, Any]


class Renderer:
    """Renders the pages of one site. Same page, same site, same program: same bytes.

    edition: digest of what all pages share - the site's facts, the templates and this program.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._phones = environment().globals["parts"].phones(site.phones)  # type: ignore[attr-defined]
        self._templates: dict[str, Template] = {}
        self._shells: dict[tuple[str, str], list[str]] = {}
        self.edition = blake2b(repr(site).encode() + _program(), digest_size=16).digest()

    def key(self, page: Page) -> bytes:
        """Digest of everything the page is made from."""
        made_from = repr((page.path, page.template, page.context)).encode("utf-8", "surrogatepass")
        return blake2b(made_from, key=self.edition, digest_size=16).digest()

    def render(self, page: Page) -> bytes:
        """The page as UTF-8; addresses in it are relative to where the page lies.

        Raises ValueError for text that no page can show (NUL, half of a surrogate pair).
        """
        root = "../" * page.path.count("/")
        blocks, context, always = self._template(page.template)
        context.parent = {**always, **page.context, "root": root}
        meta, title, description, main = (
            "".join(blocks[name](context)) if name in blocks else ""
            for name in ("meta", "title", "description", "main")
        )
        shell = self._shell(root, page.path.partition("/")[0])
        told = description or title
        meta += self._own_address(page.path) if "noindex" not in meta else ""
        filling = (meta, title, told, title, told, main, page.path, "")
        parts = [text for pair in zip(shell, filling, strict=True) for text in pair]
        return _encoded("".join(parts), page.path)

    def _template(self, name: str) -> Template:
        """A template made ready once: a context of its own is much of the work of a small page."""
        if name not in self._templates:
            template = environment().get_template(name)
            context = template.new_context({"site": self._site, "phones": self._phones})
            self._templates[name] = Template(dict(template.blocks), context, dict(context.parent))
        return self._templates[name]

    def _own_address(self, path: str) -> str:
        """Where the page lies for good, if the site knows its address."""
        own = self._site.web_address
        return f'<link rel="canonical" href="{own}/{path}">' if own else ""

    def _shell(self, root: str, section: str) -> list[str]:
        """What surrounds a page in this folder: the layout, cut at its holes."""
        if (root, section) not in self._shells:
            layout = environment().get_template("layout.html")
            text = layout.render(
                site=self._site,
                phones=self._phones,
                root=root,
                section=section,
                columns=COLUMNS,
                column=next((label for _, label, key in COLUMNS if key == section), COLUMNS[0][1]),
                depths=DEPTHS if section == LOST else [root],
            )
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
def _program() -> bytes:
    digest = blake2b()
    for file in sorted(HERE.rglob("*")):
        if file.suffix in (".py", ".html", ".css", ".js", ".svg", ".xml"):
            digest.update(file.relative_to(HERE).as_posix().encode() + file.read_bytes())
    return digest.digest()
