"""The streams of money drawn as bands between three columns of labelled bars.

All lengths are in units of a picture that is 360 wide, a phone's width, where its letters are as
large as the small print of a page; a wider screen shows the same picture larger.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from public_site.flow import KINDS, Stream
from public_site.schema import TIERS
from public_site.wording import wan

WIDTH = 360
COLUMNS = (0, 126, 268)
BAR = 8
MONEY = 300
"""How high all the money is, without the gaps."""
SLOT = 36
"""The least height for a bar with its two lines of text."""
ROWS = 13
"""Townships that are drawn; the smallest of more are drawn together."""
REST = "rest"
TONES = dict(zip(KINDS, "abcdd", strict=True))


class Bar(NamedTuple):
    """A bar with its label. tone: its colour class. address: of the rows that make the amount."""

    x: int
    y: float
    height: float
    name: str
    amount: str
    tone: str
    address: str


class Band(NamedTuple):
    """A stream from bar to bar. path: SVG path data. told: what it says on hovering."""

    path: str
    tone: str
    told: str


class Picture(NamedTuple):
    """What the template draws."""

    width: int
    height: int
    bars: list[Bar]
    bands: list[Band]


class Label(NamedTuple):
    """How a bar is called and where it leads."""

    name: str
    address: str


Labels = Callable[[str], Label]


class _Column:
    """One column: where each of its bars stands, and how much of a bar is taken by bands."""

    def __init__(self, x: int, amounts: dict[str, int], unit: float, height: float) -> None:
        self.x = x
        self.amounts = amounts
        self._unit = unit
        slots = [max(SLOT, amount * unit) for amount in amounts.values()]
        gap = (height - sum(slots)) / max(1, len(slots))
        self.top: dict[str, float] = {}
        y = gap / 2
        for name, slot in zip(amounts, slots, strict=True):
            self.top[name] = y
            y += slot + gap
        self._left, self._right = dict(self.top), dict(self.top)

    def bars(self, labels: Labels, tone: Callable[[str], str]) -> list[Bar]:
        """The bars with their labels."""
        return [
            Bar(self.x, round(self.top[name], 1), max(1, round(amount * self._unit, 1)),
                labels(name).name, wan(amount), tone(name), labels(name).address)
            for name, amount in self.amounts.items()
        ]  # fmt: skip

    def leave(self, name: str, amount: int) -> float:
        """Where the next band out of the bar begins."""
        return _taken(self._right, name, amount * self._unit)

    def reach(self, name: str, amount: int) -> float:
        """Where the next band into the bar ends."""
        return _taken(self._left, name, amount * self._unit)


def picture(found: list[Stream], tiers: Labels, kinds: Labels, townships: Labels) -> Picture | None:
    """The picture of the streams; None when there is nothing to draw."""
    found = [stream for stream in found if stream.amount > 0]
    if not found:
        return None
    sums = [
        _ordered(TIERS, _sums((stream.tier, stream.amount) for stream in found)),
        _ordered(KINDS, _sums((stream.kind, stream.amount) for stream in found)),
        _largest(_sums((s.township, s.amount) for s in found if s.township is not None)),
    ]
    unit = MONEY / sum(stream.amount for stream in found)
    height = max(sum(max(SLOT, amount * unit) for amount in column.values()) for column in sums)
    left, middle, right = (
        _Column(x, column, unit, height) for x, column in zip(COLUMNS, sums, strict=True)
    )
    bands = [*_bands(found, left, middle, unit, _first), *_bands(found, middle, right, unit, _last)]
    bars = [
        *left.bars(tiers, lambda _name: "n"),
        *middle.bars(kinds, TONES.__getitem__),
        *right.bars(townships, lambda _name: "n"),
    ]
    return Picture(WIDTH, round(height), bars, bands)


def _first(stream: Stream) -> tuple[str, str]:
    return stream.tier, stream.kind


def _last(stream: Stream) -> tuple[str, str | None]:
    return stream.kind, stream.township


def _bands(
    found: list[Stream],
    source: _Column,
    goal: _Column,
    unit: float,
    ends: Callable[[Stream], tuple[str, str | None]],
) -> list[Band]:
    """The bands between two columns, in the order of their bars, so that few of them cross."""
    amounts: dict[tuple[str, str], int] = {}
    for stream in found:
        start, end = ends(stream)
        if end is not None:
            key = start, end if end in goal.amounts else REST
            amounts[key] = amounts.get(key, 0) + stream.amount
    ordered = [(s, g) for s in source.amounts for g in goal.amounts if (s, g) in amounts]
    bands = []
    for start, end in ordered:
        amount = amounts[start, end]
        y, to = source.leave(start, amount), goal.reach(end, amount)
        path = _path(source.x + BAR, y, goal.x, to, max(0.5, amount * unit))
        bands.append(Band(path, TONES[end if end in TONES else start], f"{wan(amount)}万元"))
    return bands


def _path(x: int, y: float, to_x: int, to_y: float, thick: float) -> str:
    bend = (x + to_x) // 2
    return (
        f"M{x} {y:.1f}C{bend} {y:.1f} {bend} {to_y:.1f} {to_x} {to_y:.1f}v{thick:.1f}"
        f"C{bend} {to_y + thick:.1f} {bend} {y + thick:.1f} {x} {y + thick:.1f}z"
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums by name, in the order of first appearance."""
    sums: dict[str, int] = {}
    for name, amount in pairs:
        sums[name] = sums.get(name, 0) + amount
    return sums


def _ordered(names: Iterable[str], sums: dict[str, int]) -> dict[str, int]:
    return {name: sums[name] for name in names if name in sums}


def _largest(sums: dict[str, int]) -> dict[str, int]:
    """The largest first, county-wide last; the smallest of many as one."""
    ordered = sorted(sums.items(), key=lambda item: (not item[0], -item[1], item[0]))
    if len(ordered) > ROWS:
        cut = ROWS - 1
        rest = sum(amount for _name, amount in ordered[cut:])
        ordered = [*ordered[:cut], (REST, rest)]
    return dict(ordered)


def _taken(edge: dict[str, float], name: str, length: float) -> float:
    place = edge[name]
    edge[name] += length
    return place
