"""Posters as PDF, where WeasyPrint and its libraries are installed; elsewhere the browser prints.

The program renders untrusted text, so it may fetch nothing: not from the network, not from the disk. The
only exceptions are the picture of the QR code, which the page holds itself, and the fonts that the county
laid into ``fonts/`` of its instance folder; a font is called as its file is (``方正小标宋简体.ttf``), and the
style sheet asks for the official ones by these names.
"""

import functools
import importlib
import logging
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote

from flask import current_app

FONT_ENDINGS = frozenset({".otf", ".ttc", ".ttf", ".woff", ".woff2"})
SCHEME = "font:"
PICTURE = "data:image/svg+xml"
log = logging.getLogger(__name__)


@functools.cache
def _weasyprint() -> ModuleType | None:
    """The library, or None: it is optional, and on Windows its own libraries are often missing.

    It is told to be quiet about the rules of the style sheet that are the browsers' alone.
    """
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        log.info("no PDF of posters: %s", error)
        return None


def can_print() -> bool:
    """Whether PDF files can be made here."""
    return _weasyprint() is not None


def pdf_of(page: str, style: str) -> bytes:
    """The page with this style sheet as PDF.

    Raises:
        RuntimeError: :func:`can_print` says no.
    """
    library = _weasyprint()
    if library is None:
        raise RuntimeError("WeasyPrint is not installed")
    fetcher, fonts = _fetcher(library), library.text.fonts.FontConfiguration()
    sheet = library.CSS(
        string=_font_faces() + style, font_config=fonts, url_fetcher=fetcher, base_url=SCHEME
    )
    document = library.HTML(string=page, url_fetcher=fetcher, base_url=SCHEME)
    written: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts)
    return written


def font_files() -> dict[str, Path]:
    """Name of a font -> its file in the instance folder."""
    folder: Path = current_app.config["INSTANCE"] / "fonts"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.stem: path for path in files if path.suffix.lower() in FONT_ENDINGS}


def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "{name}"; src: url("{SCHEME}{quote(name)}"); }}\n'
        for name in font_files()
        if not set(name) & set('"\\\n')
    )


def _fetcher(library: ModuleType) -> object:
    """Gives out the county's fonts and what the page itself holds, and refuses every other address."""
    urls, fonts = library.urls, font_files()

    class Refusing(urls.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith(PICTURE):
                return super().fetch(url, headers)
            path = fonts.get(unquote(url.removeprefix(SCHEME)))
            if path is None or not url.startswith(SCHEME):
                raise ValueError(f"a poster fetches nothing: {url}")
            return urls.URLFetcherResponse(url, path.read_bytes())

    return Refusing()
