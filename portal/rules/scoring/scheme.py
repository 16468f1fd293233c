"""A scheme of assessment (province × level × year): a TOML table, read strictly."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from portal.rules.scoring.facts import Fact
from portal.rules.scoring.formulas import ADJUSTMENTS, FORMULAS, Formula
from portal.rules.scoring.working import shown
from portal.rules.tables import Row, unreadable
from portal.rules.vocabulary import Labelled

FOLDER = Path(__file__).with_name("schemes")


class SchemeError(Exception):
    """A scheme or a facts file that cannot be used; ``problems`` has one line per fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Normalization(Labelled):
    """折算: how points over the applicable ones become points of a hundred (S2 and S3 differ)."""

    WITH_ADJUSTMENTS = "with_adjustments", "（基础分＋加减分）÷适用分×100"
    BEFORE_ADJUSTMENTS = "before_adjustments", "基础分÷适用分×100＋加减分"


@dataclass(frozen=True)
class Part:
    """What one formula scores: a whole indicator, or a part of it with a number of its own (9.1)."""

    no: str
    title: str
    full: Fraction
    formula: Formula
    fact: str


@dataclass(frozen=True)
class Indicator:
    """One line of the score sheet.

    ``full`` is negative for a deduction, None where no points are published.
    """

    no: str
    title: str
    group: str
    full: Fraction | None
    rule: str
    evidence: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def is_adjustment(self) -> bool:
        """Outside the base points."""
        return any(isinstance(part.formula, ADJUSTMENTS) for part in self.parts)


@dataclass(frozen=True)
class Grade:
    """A word for points from ``above`` on."""

    label: str
    above: Fraction


@dataclass(frozen=True)
class Scheme:
    """All indicators with the conventions of the whole."""

    name: str
    basis: str
    year: int
    normalization: Normalization
    cap: Fraction | None
    grades: tuple[Grade, ...]
    indicators: tuple[Indicator, ...]

    @property
    def parts(self) -> Mapping[str, Part]:
        """Every part by the name of the fact that it asks for."""
        return {part.fact: part for indicator in self.indicators for part in indicator.parts}


@dataclass(frozen=True)
class Claim:
    """Points that officials claim for a line, with their reason where it differs from the computed ones."""

    points: Fraction
    reason: str


@dataclass(frozen=True)
class Evidence:
    """What is known for one assessment: facts by name, lines that do not apply, claims by line."""

    facts: Mapping[str, Fact]
    not_applicable: frozenset[str]
    claims: Mapping[str, Claim]


def shipped() -> dict[str, str]:
    """The shipped schemes: the name of the file without its ending -> the name of the scheme."""
    return {path.stem: read_scheme(path).name for path in sorted(FOLDER.glob("*.toml"))}


def shipped_text(name: str) -> str:
    """The text of a shipped scheme, one of :func:`shipped`."""
    return FOLDER.joinpath(f"{name}.toml").read_text("utf-8")


def read_scheme(path: Path) -> Scheme:
    """Read a scheme.

    Raises:
        SchemeError: with file, row and reason of every fault.
    """
    return parse_scheme(path.name, _content(path))


def parse_scheme(name: str, content: bytes) -> Scheme:
    """Read a scheme from its bytes; ``name`` names the file in every fault, as :func:`read_scheme` does."""
    file = _open(name, content)
    scheme = Scheme(
        name=file.text("name"),
        basis=file.text("basis"),
        year=file.whole("year"),
        normalization=file.member("normalization", Normalization),
        cap=Fraction(file.number("cap")) if file.has("cap") else None,
        grades=tuple(_grade(row) for row in file.rows("grade")),
        indicators=tuple(_indicator(row) for row in file.rows("indicator")),
    )
    _check_whole(scheme, file)
    _close(file)
    return scheme


def read_evidence(path: Path, scheme: Scheme) -> Evidence:
    """Read a facts file for a scheme.

    Raises:
        SchemeError: as in :func:`read_scheme`; a fact that no formula asks for is a fault too.
    """
    file = _open(path.name, _content(path))
    lines = {indicator.no for indicator in scheme.indicators}
    skipped = file.texts("not_applicable") if file.has("not_applicable") else ()
    claims = {}
    for row in file.rows("claim") if file.has("claim") else []:
        no = row.text("no")
        reason = row.text("reason") if row.has("reason") else ""
        claims[no] = Claim(Fraction(row.number("points")), reason)
        row.close()
    for no in {*skipped, *claims} - lines:
        file.wrong(f"“{scheme.name}”里没有第 {no} 行")
    evidence = Evidence(_facts(file.row("facts"), scheme), frozenset(skipped), claims)
    _close(file)
    return evidence


def _facts(table: Row, scheme: Scheme) -> dict[str, Fact]:
    found = {}
    for name, part in scheme.parts.items():
        if table.has(name):
            row = table.row(name)
            found[name] = part.formula.fact.of(row)
            row.close()
    table.close()
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SchemeError([f"{path.name}：{unreadable(error)}"]) from error


def _open(name: str, content: bytes) -> Row:
    problems: list[str] = []
    try:
        values = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError([f"{name}：{unreadable(error)}"]) from error
    return Row(name, values, problems)


def _close(file: Row) -> None:
    file.close()
    if file.problems:
        raise SchemeError(file.problems)


def _grade(row: Row) -> Grade:
    grade = Grade(row.text("label"), Fraction(row.number("above")))
    row.close()
    return grade


def _indicator(row: Row) -> Indicator:
    no, title = row.text("no"), row.text("title")
    group, rule = row.text("group"), row.text("rule")
    evidence = row.texts("evidence") if row.has("evidence") else ()
    full = Fraction(row.number("points")) if row.has("points") else None
    parts = _parts(row, no, title, full)
    row.close()
    indicator = Indicator(no, title, group, _signed(full, parts), rule, evidence, parts)
    if full is not None and sum(part.full for part in parts) != full:
        row.wrong(
            f"各 part 的 points 合计是 {shown(sum(part.full for part in parts))}，应等于 points {shown(full)}"
        )
    return indicator


def _signed(full: Fraction | None, parts: tuple[Part, ...]) -> Fraction | None:
    takes_off = any(
        FORMULAS[name] is type(part.formula)
        for part in parts
        for name in ("flat_deduction", "capped_deductions")
    )
    return -full if full is not None and takes_off and len(parts) == 1 else full


def _parts(row: Row, no: str, title: str, full: Fraction | None) -> tuple[Part, ...]:
    if not row.has("part"):
        return (_part(row, no, title, full or Fraction(0)),)
    found = []
    for number, inner in enumerate(row.rows("part"), start=1):
        points = Fraction(inner.number("points"))
        found.append(_part(inner, f"{no}.{number}", inner.text("title"), points))
        inner.close()
    return tuple(found)


def _part(row: Row, no: str, title: str, full: Fraction) -> Part:
    name = row.text("formula")
    kind = FORMULAS.get(name)
    if kind is None:
        row.wrong(f'formula 应是 {"、".join(FORMULAS)} 之一，现在是 "{name}"')
        kind = FORMULAS["manual"]
    return Part(no, title, full, kind.of(row), row.text("fact"))


def _check_whole(scheme: Scheme, file: Row) -> None:
    numbers = [indicator.no for indicator in scheme.indicators]
    names = [part.fact for indicator in scheme.indicators for part in indicator.parts]
    for what, words in (("no", numbers), ("fact", names)):
        for word in sorted({word for word in words if words.count(word) > 1}):
            file.wrong(f'{what} "{word}" 重复')
    heights = [grade.above for grade in scheme.grades]
    if heights != sorted(heights, reverse=True) or not heights or heights[-1]:
        file.wrong("grade 的 above 应从高到低，最后一档从 0 起")
