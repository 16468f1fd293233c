"""Amounts for many projects at once: typed into cells, or pasted from a spreadsheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.db import db
from portal.funds.allocating import allocate, lock_draft
from portal.funds.models import AllocationBatch, FundDocument
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.money import MoneyError, parse_wan
from portal.rules.vocabulary import ProjectStatus
from portal.spreadsheets.cells import clean_text

CELL = "amount-"
ROW_ID = re.compile(r"[0-9]{1,9}")
MOST_LINES = 2000


@dataclass(frozen=True)
class Entry:
    """One line as it was typed, and what it means (fen), or the ``problem`` why it means nothing."""

    number: int
    name: str
    typed: str
    project: Project | None = None
    amount: int = 0
    problem: str = ""


class LinesRefused(RuleBroken):
    """Some lines of one saving were refused, so none was kept; ``reasons`` by line number."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        super().__init__(f"有 {len(reasons)} 行没有通过，全部没有保存。改好这几行，再保存一次。")
        self.reasons = reasons


def typed_cells(form: Mapping[str, str], actor: Actor) -> list[Entry]:
    """Read the cells ``amount-<project id>`` that hold something; empty cells are not meant."""
    typed = {name.removeprefix(CELL): text for name, text in form.items() if name.startswith(CELL)}
    ids = {int(key): text for key, text in typed.items() if ROW_ID.fullmatch(key) and text.strip()}
    found = _library(actor, Project.id.in_(ids))
    return [
        _read(number, project.name, ids[project.id], project)
        for number, project in enumerate(found, start=1)
    ]


def typed_sum(form: Mapping[str, str]) -> int:
    """Fen of all readable cells together: what the page shows while somebody is typing."""
    return sum(_readable(text) for name, text in form.items() if name.startswith(CELL))


def pasted_lines(pasted: str, actor: Actor) -> list[Entry]:
    """Read ``code or name<TAB>amount`` per line; a heading and empty lines are passed over."""
    lines = [
        (number, *_split(line))
        for number, line in enumerate(pasted.splitlines(), start=1)
        if line.strip()
    ]
    if len(lines) > MOST_LINES:
        words = f"一次最多粘贴 {MOST_LINES} 行，这里有 {len(lines)} 行。请分几次粘贴"
        return [Entry(MOST_LINES + 1, "", "", problem=words)]
    if lines and "金额" in lines[0][2]:
        del lines[0]
    names = {name for _number, name, _typed in lines}
    found = _library(actor, sa.or_(Project.code.in_(names), Project.name.in_(names)))
    return [_pasted(number, name, typed, found) for number, name, typed in lines]


def allocate_entries(
    batch: AllocationBatch,
    document: FundDocument,
    entries: Sequence[Entry],
    *,
    actor: Actor,
    purpose: str = "",
) -> None:
    """Arrange money of one document for many projects: every line or none.

    Raises:
        LinesRefused: with the reason of each refused line.
        RuleBroken: there is no line, or the batch is no draft any more.
    """
    if not entries:
        raise RuleBroken("还没有填金额。请至少给 1 个项目填写金额，再保存。")
    lock_draft(batch, [document], [entry.project for entry in entries if entry.project])
    reasons: dict[int, str] = {}
    for entry in entries:
        try:
            _allocate(batch, document, entry, actor, purpose)
        except RuleBroken as broken:
            reasons[entry.number] = broken.message
    if reasons:
        raise LinesRefused(reasons)


def _allocate(
    batch: AllocationBatch, document: FundDocument, entry: Entry, actor: Actor, purpose: str
) -> None:
    if entry.project is None or entry.problem:
        raise RuleBroken(entry.problem)
    allocate(batch, document, entry.project, amount=entry.amount, actor=actor, purpose=purpose)


def _library(actor: Actor, condition: sa.ColumnElement[bool]) -> Sequence[Project]:
    """Projects of the library that fit; what was never admitted is not offered."""
    statement = sa.select(Project).where(condition, Project.status == ProjectStatus.ADMITTED)
    statement = visible(statement, Project, actor, Action.VIEW_PROJECTS).order_by(Project.id)
    return db.session.scalars(statement).all()


def _split(line: str) -> tuple[str, str]:
    """Name and amount: the last tab parts them, else the last space."""
    name, tab, amount = line.rpartition("\t")
    if not tab:
        name, _space, amount = line.strip().rpartition(" ")
    return clean_text(name), amount.strip()


def _pasted(number: int, name: str, typed: str, found: Sequence[Project]) -> Entry:
    fitting = [p for p in found if p.code == name] or [p for p in found if p.name == name]
    if not fitting:
        return Entry(number, name, typed, problem="项目库里没有这个编码或名称，请核对")
    if len(fitting) > 1:
        codes = "、".join(project.code for project in fitting)
        words = f"有 {len(fitting)} 个项目叫这个名称，请改用编码：{codes}"
        return Entry(number, name, typed, problem=words)
    return _read(number, name, typed, fitting[0])


def _read(number: int, name: str, typed: str, project: Project) -> Entry:
    try:
        return Entry(number, name, typed, project, parse_wan(typed))
    except MoneyError as error:
        return Entry(number, name, typed, project, problem=str(error))


def _readable(text: str) -> int:
    try:
        return parse_wan(text)
    except MoneyError:
        return 0
