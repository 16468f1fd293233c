"""The library's own order of a year: which project is to have money first."""

import re
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.scopes import visible
from portal.db import db, lock
from portal.library.models import Project
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ProjectStatus
from portal.spreadsheets.cells import clean_text

PLACE = re.compile(r"priority-([0-9]{1,9})")
LAST = 9999


def ranked(actor: Actor, year: int) -> Sequence[Project]:
    """The year's projects in the library, by their order; those without a number come last."""
    statement = sa.select(Project).where(
        Project.year == year, Project.status == ProjectStatus.ADMITTED
    )
    statement = visible(statement, Project, actor, Action.SET_PRIORITIES)
    return db.session.scalars(
        statement.order_by(Project.priority.asc().nulls_last(), Project.code)
    ).all()


def set_priorities(places: Mapping[int, str], year: int, *, actor: Actor) -> int:
    """Give projects their numbers as typed, by project id; empty takes the number away.

    Equal numbers are allowed: the code decides between them. Returns how many projects changed.

    Raises:
        RuleBroken: a number is none from 1 to 9999, or a project is not in the year's library.
    """
    projects = {project.id: project for project in ranked(actor, year)}
    if places.keys() - projects.keys():
        raise RuleBroken(f"有项目不在 {year} 年的项目库里。请刷新页面，看最新的名单。")
    wrong = sum(1 for typed in places.values() if place_problem(typed))
    if wrong:
        raise RuleBroken(f"有 {wrong} 个顺序号没有通过，全部没有保存。改好这几个，再保存一次。")
    numbers = {one: _number(typed) for one, typed in places.items()}
    changed = [one for one, number in numbers.items() if projects[one].priority != number]
    for project in lock(Project, changed):
        project.priority = numbers[project.id]
    db.session.flush()
    return len(changed)


def typed_places(form: Mapping[str, str]) -> dict[int, str]:
    """The fields ``priority-<project id>`` of the form."""
    found = ((PLACE.fullmatch(name), typed) for name, typed in form.items())
    return {int(match[1]): typed for match, typed in found if match}


def pasted_places(text: str, projects: Sequence[Project]) -> dict[int, str]:
    """Read ``code<TAB>number`` per line, by project id.

    Raises:
        RuleBroken: with the lines whose code is unknown.
    """
    by_code = {project.code: project.id for project in projects}
    lines = [clean_text(line).split() for line in text.splitlines() if line.strip()]
    unknown = [line[0] for line in lines if line[0] not in by_code]
    if unknown:
        raise RuleBroken(f"项目库里没有这些编码：{'、'.join(unknown[:5])}。请核对后再粘贴。")
    return {by_code[line[0]]: line[1] if len(line) > 1 else "" for line in lines}


def place_problem(typed: str) -> str | None:
    """What is wrong with a number as typed; None where it is right or empty."""
    try:
        _number(typed)
    except ValueError:
        return f"顺序号写 1 到 {LAST} 的整数，您填的是“{typed.strip()[:20]}”"
    return None


def _number(typed: str) -> int | None:
    plain = typed.strip()
    if not plain:
        return None
    number = int(plain) if len(plain) <= len(str(LAST)) else 0
    if not 1 <= number <= LAST:
        raise ValueError(typed)
    return number
