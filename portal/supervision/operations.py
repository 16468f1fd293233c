"""Issuing bulletins; drafting, issuing and answering supervision letters."""

from collections.abc import Collection
from datetime import date, timedelta

from portal.accounts.models import Organization, User
from portal.db import db, lock
from portal.mail.operations import queue
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.supervision import next_number, period
from portal.rules.vocabulary import BulletinKind
from portal.supervision import bulletins, queries, wording
from portal.supervision.models import Bulletin, SupervisionLetter


def issue_bulletin(
    kind: BulletinKind,
    fund_year: int,
    day: date,
    *,
    number: str,
    words: str,
    actor: Actor,
    on: date,
    seen: str | None = None,
) -> Bulletin:
    """Freeze the figures of ``day`` under a number; from now on nobody changes them.

    ``seen`` is the hash of the figures that the person looked at.

    Raises:
        RuleBroken: the day has not come, no unit has money, the number is taken, or the figures moved.
    """
    if day > on:
        raise RuleBroken(f"统计日期 {day} 还没有到，今天是 {on}。", field="day")
    office = db.session.get_one(Organization, actor.organization_id)
    figures = bulletins.figures_of(actor.county_id, fund_year, day, office=office)
    if not figures.units:
        raise RuleBroken(
            f"{fund_year} 年到 {day} 还没有安排到项目的资金，不用通报。", field="fund_year"
        )
    if number in queries.bulletin_numbers(actor.county_id):
        raise RuleBroken(f"文号“{number}”已经用过，请换一个。", field="number")
    content, digest = bulletins.frozen(figures)
    if seen not in {None, digest}:
        raise RuleBroken("数据刚刚有变动。请看过最新的预览，再下发。")
    bulletin = Bulletin(
        county_id=actor.county_id,
        kind=kind,
        fund_year=fund_year,
        day=day,
        number=number,
        title=wording.bulletin_title(figures, period(kind, day)),
        words=words,
        content=content,
        sha256=digest,
        issued_by_id=actor.user_id,
        issued_by=actor.name,
        issued_on=on,
    )
    db.session.add(bulletin)
    db.session.flush()
    return bulletin


def draft_letters(
    bulletin: Bulletin, unit_ids: Collection[int], *, actor: Actor, on: date
) -> list[SupervisionLetter]:
    """Draft a letter for each of these units that is below the line and has none of this bulletin yet.

    Raises:
        RuleBroken: there is no such unit.
    """
    figures = bulletins.read(bulletin)
    addressed = {letter.unit_id for letter in bulletin.letters}
    wanted = [
        unit
        for unit in figures.behind
        if unit.unit_id in unit_ids and unit.unit_id not in addressed
    ]
    if not wanted:
        raise RuleBroken("请至少选择 1 个低于序时进度、还没有督办函的单位。", field="units")
    rules = queries.rules()
    numbers = queries.letter_numbers(bulletin.county_id)
    for unit in wanted:
        numbers.append(next_number(numbers, rules.letter_prefix, on.year))
        letter = SupervisionLetter(
            county_id=bulletin.county_id,
            bulletin_id=bulletin.id,
            unit_id=unit.unit_id,
            number=numbers[-1],
            body=wording.letter_body(figures, unit),
            answer_by_on=on + timedelta(days=rules.answer_days),
            drafted_by_id=actor.user_id,
        )
        bulletin.letters.append(letter)
    db.session.flush()
    return bulletin.letters[-len(wanted) :]


def edit_letter(
    letter: SupervisionLetter, *, number: str, answer_by_on: date, body: str, on: date
) -> None:
    """Change a draft.

    Raises:
        RuleBroken: it is issued, the number is taken, or the day of the answer has passed.
    """
    _lock_draft(letter)
    taken = queries.letter_numbers(letter.county_id)
    if number != letter.number and number in taken:
        raise RuleBroken(f"文号“{number}”已经用过，请换一个。", field="number")
    _check_answer_day(answer_by_on, on)
    letter.number, letter.answer_by_on, letter.body = number, answer_by_on, body
    db.session.flush()


def issue_letter(letter: SupervisionLetter, *, actor: Actor, on: date) -> None:
    """Issue the letter and send it to the people of the unit, once to each.

    Raises:
        RuleBroken: it is issued, or the day of the answer has passed.
    """
    _lock_draft(letter)
    _check_answer_day(letter.answer_by_on, on)
    letter.issued_on, letter.issued_by = on, actor.name
    db.session.flush()
    for person in queries.people_of(letter.unit_id, Action.ANSWER_LETTER):
        queue(
            person,
            subject=f"督办函：{letter.number}",
            body=f"{letter.body}\n{wording.closing(letter.answer_by_on)}\n请在“跟踪督促—督办函”里回复。",
            dedupe_key=f"supervision_letter:{letter.id}:{person.id}",
        )


def answer_letter(letter: SupervisionLetter, words: str, *, actor: Actor, on: date) -> None:
    """Write the unit's answer, once; whoever drafted the letter hears of it.

    Raises:
        RuleBroken: the letter is not issued, is answered already, or nothing is written.
    """
    (letter,) = lock(SupervisionLetter, [letter.id])
    if letter.issued_on is None:
        raise RuleBroken("这份督办函还没有发出，不用回复。")
    if letter.answered_on is not None:
        raise RuleBroken(f"已于 {letter.answered_on} 回复过。要补充，请与发函单位联系。")
    if not words:
        raise RuleBroken("请写明原因、措施和完成的日期。", field="answer")
    letter.answer, letter.answered_on = words, on
    db.session.flush()
    queue(
        db.session.get_one(User, letter.drafted_by_id),
        subject=f"{letter.unit.name}已回复督办函 {letter.number}",
        body=f"{actor.name}回复：\n{words}",
        dedupe_key=f"supervision_letter_answer:{letter.id}",
    )


def _lock_draft(letter: SupervisionLetter) -> None:
    (locked,) = lock(SupervisionLetter, [letter.id])
    if locked.issued_on is not None:
        raise RuleBroken(f"督办函 {locked.number} 已于 {locked.issued_on} 发出，不能再改。")


def _check_answer_day(answer_by_on: date, on: date) -> None:
    if answer_by_on < on:
        raise RuleBroken(
            f"回复期限 {answer_by_on} 已过，今天是 {on}。请改成今天以后的日期。",
            field="answer_by_on",
        )
