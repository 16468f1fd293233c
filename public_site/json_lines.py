"""Published data as plain files: one folder, one JSON object a line, readable without us.

The folder holds `site.json` (the shared facts and the day) and one `.jsonl` file for each kind of
row, ordered as `SiteData` says; photos and files lie in `blobs`. `export` writes it from any
source; `JsonLines` reads it back.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, BinaryIO, TypeVar, get_args, get_origin, get_type_hints

from public_site.names import checked_blob
from public_site.schema import (
    Allocation,
    FundDocument,
    Mention,
    Notice,
    Payment,
    Place,
    Project,
    Site,
    Withdrawn,
)
from public_site.source import EVERYTHING, SiteData, Span

Row = TypeVar("Row")
Convert = Callable[[Any], Any]
BLOBS = "blobs"


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A `SiteData` over a folder that `export` wrote."""

    folder: Path

    @property
    def site(self) -> Site:
        """What every page shares."""
        site: Site = _reader(Site)(self._head()["site"])
        return site

    @property
    def day(self) -> date:
        """The day the data stands on."""
        return date.fromisoformat(self._head()["day"])

    def places(self) -> Iterator[Place]:
        """Townships and villages, by code."""
        return self._rows("places", Place, "code", EVERYTHING)

    def funds(self) -> Iterator[FundDocument]:
        """Fund documents, by code."""
        return self._rows("funds", FundDocument, "code", EVERYTHING)

    def withdrawn(self) -> Iterator[Withdrawn]:
        """What was taken back, by folder and code."""
        return self._rows("withdrawn", Withdrawn, "folder", EVERYTHING)

    def project_spans(self, size: int) -> Iterator[Span]:
        """Ranges of `size` projects."""
        return self._spans("projects", size)

    def projects(self, span: Span) -> Iterator[Project]:
        """The span's projects, by code."""
        return self._rows("projects", Project, "code", span)

    def allocations(self, span: Span) -> Iterator[Allocation]:
        """Allocations to the span's projects."""
        return self._rows("allocations", Allocation, "project_code", span)

    def payments(self, span: Span) -> Iterator[Payment]:
        """Payments to the span's projects."""
        return self._rows("payments", Payment, "project_code", span)

    def mentions(self, span: Span) -> Iterator[Mention]:
        """Notices that name the span's projects."""
        return self._rows("mentions", Mention, "project_code", span)

    def notice_spans(self, size: int) -> Iterator[Span]:
        """Ranges of `size` notices."""
        return self._spans("notices", size)

    def notices(self, span: Span) -> Iterator[Notice]:
        """The span's notices, by code."""
        return self._rows("notices", Notice, "code", span)

    def blob(self, name: str) -> bytes:
        """The bytes of a photo or file."""
        return (self.folder / BLOBS / checked_blob(name)).read_bytes()

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = json.loads((self.folder / "site.json").read_bytes())
        return head

    def _rows(self, kind: str, row: type[Row], key: str, span: Span) -> Iterator[Row]:
        read = _reader(row)
        with (self.folder / f"{kind}.jsonl").open("rb") as file:
            _seek(file, key, span.first)
            found = map(_decode, file)
            yield from map(read, takewhile(lambda one: one[key] <= span.last, found))

    def _spans(self, kind: str, size: int) -> Iterator[Span]:
        first = last = b""
        with (self.folder / f"{kind}.jsonl").open("rb") as file:
            for count, line in enumerate(file):
                if count % size == 0:
                    if count:
                        yield Span(_key(first, "code"), _key(last, "code"))
                    first = line
                last = line
        if first:
            yield Span(_key(first, "code"), _key(last, "code"))


def export(data: SiteData, folder: Path) -> None:
    """Write everything that `data` publishes into the folder, for `JsonLines` to read."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {"site": data.site, "day": data.day}
    (folder / "site.json").write_text(_encode(head) + "\n", "utf-8", newline="\n")
    kinds: dict[str, Iterable[object]] = {
        "places": data.places(),
        "funds": data.funds(),
        "withdrawn": data.withdrawn(),
        "projects": _with_blobs(data, folder, data.projects(EVERYTHING), "photos"),
        "allocations": data.allocations(EVERYTHING),
        "payments": data.payments(EVERYTHING),
        "mentions": data.mentions(EVERYTHING),
        "notices": _with_blobs(data, folder, data.notices(EVERYTHING), "files"),
    }
    for kind, rows in kinds.items():
        with (folder / f"{kind}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_encode(row) + "\n" for row in rows)


def _with_blobs(data: SiteData, folder: Path, rows: Iterable[Row], field: str) -> Iterator[Row]:
    """The rows; what each shows is written as it passes."""
    for row in rows:
        for shown in getattr(row, field):
            target = folder / BLOBS / shown.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data.blob(shown.name))
        yield row


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]


def _decode(line: bytes) -> dict[str, Any]:
    """The object of a line; `json.loads` would look for its encoding and for what follows it."""
    found: dict[str, Any] = _raw_decode(line.decode())[0]
    return found


_raw_decode = json.JSONDecoder().raw_decode
_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


def _reader(row: type[Any]) -> Convert:
    """What turns the JSON object of a row back into the row."""
    hints = get_type_hints(row)
    convert = [(name, value_of) for name in hints if (value_of := _converter(hints[name]))]

    def read(found: dict[str, Any]) -> Any:  # noqa: ANN401 - a row of the type asked for
        for name, value_of in convert:
            if name in found:
                found[name] = value_of(found[name])
        return row(**found)

    return read


def _converter(hint: Any) -> Convert | None:  # noqa: ANN401 - a type form has no type
    """How a JSON value becomes a value of the type; None where it is one already."""
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, UnionType):
        (inner,) = (_converter(part) for part in get_args(hint) if part is not NoneType)
        return inner and (lambda value: None if value is None else inner(value))
    if get_origin(hint) is tuple:
        each = _converter(get_args(hint)[0])
        return (lambda values: tuple(map(each, values))) if each else tuple
    if isinstance(hint, type) and hint.__module__ == Site.__module__:
        return _reader(hint)
    return None


def _key(line: bytes, key: str) -> str:
    code: str = json.loads(line)[key]
    return code


def _seek(file: BinaryIO, key: str, first: str) -> None:
    """Place the file at the first line whose key is not below `first`, by bisection over bytes."""
    if not first:
        return
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.readline()
        line = file.readline()
        if line and _key(line, key) < first:
            low = middle + 1
        else:
            high = middle
    file.seek(low)
    if low:
        file.readline()
