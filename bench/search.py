"""The public search: what its data holds, beside the rows that it was made from.

The browser's part - folding and marking - is tested in Chromium; here it is the data that counts.
"""

import gzip
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import seconds
from bench.county import County
from bench.site import PROJECTS, exported
from public_site import build
from public_site.source import EVERYTHING

LENGTHS = (2, 3, 4)


def search() -> dict[str, Any]:
    """Every fragment of two to four characters of all place names and of each 100th project."""
    with exported(PROJECTS) as (data, folder):
        build(data, folder / "public")
        files = sorted((folder / "public/data/search").glob("*.js"))
        items: dict[str, str] = {}
        reading = seconds(lambda: items.update(item for file in files for item in _items(file)))
        sizes = [(file.stat().st_size, len(gzip.compress(file.read_bytes(), 6))) for file in files]
    county = County(PROJECTS)
    source = {f"place {one.code}": _folded(one.name) for one in county.places()}
    source |= {f"project {one.code}": _folded(one.name) for one in county.projects(EVERYTHING)}
    right = wrong = missed = 0
    words = _words(county)
    matching = seconds(
        lambda: [[text for text in items.values() if word in text] for word in words]
    )
    for word in words:
        found = {code for code, text in items.items() if word in text}
        expected = {code for code, text in source.items() if word in text}
        right += len(found & expected)
        wrong += len(found - expected)
        missed += len(expected - found)
    recall, precision = right / (right + missed), right / (right + wrong)
    return {
        "compared_with": "the source's rows: the smaller of recall and precision",
        "goal": ">= 1",
        "ratio": min(recall, precision),
        "seconds": matching / len(words),
        "limit_seconds": "-",
        "recall": recall,
        "precision": precision,
        "words": len(words),
        "reading_seconds": reading,
        "bytes": sum(size for size, _ in sizes),
        "compressed": sum(small for _, small in sizes),
        "compressed_largest_year": max(small for _, small in sizes),
    }


def _items(file: Path) -> list[tuple[str, str]]:
    """Kind and code of each place and project of a file, with its folded title."""
    content = json.loads(file.read_text("utf-8").partition(",")[2].rpartition(")")[0])
    return [
        (f"{kind} {row[0]}", _folded(row[1]))
        for kind in ("place", "project")
        for row in content.get(kind, ())
    ]


def _words(county: County) -> list[str]:
    names = [one.name for one in county.places()]
    names += [one.name for one in county.projects(EVERYTHING)][::100]
    return sorted(
        {
            _folded(name[at : at + length])
            for name in names
            for length in LENGTHS
            for at in range(len(name) - length + 1)
        }
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {"site-search": search}
