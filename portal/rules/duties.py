"""公开任务: what has to be told to the public at which level, until when, and what counts as told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from portal.rules.broken import RuleBroken
from portal.rules.days import DayKind, Holidays, last_day
from portal.rules.deadlines import Escalation, Rule
from portal.rules.tables import Row
from portal.rules.vocabulary import (
    Channel,
    DisclosureEvent,
    DisclosureKind,
    DisclosureLevel,
    Labelled,
    NoticeStage,
    Role,
)

SUBJECT = "disclosure_duty"
"""What the clocks call a group of duties of one rule, organization and day."""

SOON_DAYS = 7
"""Natural days before the last one from which a duty counts as due soon."""


class DisclosureState(Labelled):
    """Where a duty stands on the day it is looked at."""

    OPEN = "open", "待公开"
    SOON = "soon", "快到期"
    OVERDUE = "overdue", "逾期未公开"
    MET = "met", "按期公开"
    MET_LATE = "met_late", "逾期公开"
    LAPSED = "lapsed", "已撤销"


@dataclass(frozen=True)
class DutyRule:
    """One row of ``duties.toml``: an event has to be told at one level within ``days``.

    ``kinds`` are the items on the public site that meet it, ``stages`` the notices on the board of its level;
    a notice, or a proof from a board, hangs at least ``posting_days`` natural days. With ``after_event`` only
    what was published on the event's day or later counts, because the same project meets such events again
    and again. Without ``reminder_steps`` another clock reminds of it. The first of ``recipients`` answers for
    it at the county's level; ``escalation`` hears of it as well once it is overdue.
    """

    code: str
    label: str
    event: DisclosureEvent
    level: DisclosureLevel
    days: int
    kind: DayKind
    kinds: tuple[DisclosureKind, ...]
    stages: tuple[NoticeStage, ...]
    posting_days: int
    after_event: bool
    recipients: tuple[Role, ...]
    escalation: tuple[Role, ...]
    reminder_steps: tuple[int, ...]
    basis: str

    @property
    def limit(self) -> str:
        """The limit in words: ``20 个工作日``."""
        if self.days == 0:
            return "当日"
        return f"{self.days} {'个工作日' if self.kind is DayKind.WORKING else '天'}"

    def due_on(self, arisen_on: date, holidays: Holidays) -> date:
        """Return the last day on which the duty is met in time; the event's day is not counted."""
        return last_day(arisen_on, self.days, self.kind, holidays)

    @cached_property
    def clock(self) -> Rule:
        """The same duty as a rule of the clocks: it reminds before the last day, not after it.

        Overdue duties are told of together, once a week (``portal.deadlines.disclosing``).
        """
        return Rule(
            code=self.code,
            label=self.label,
            subject=SUBJECT,
            start="arisen_on",
            stop="met_on",
            days=self.days,
            kind=self.kind,
            zero_at=None,
            points=None,
            reminder_steps=self.reminder_steps or (0,),
            recipients=self.recipients,
            escalation=(Escalation(-1, self.escalation),) if self.escalation else (),
            basis=self.basis,
            late_every=0,
        )


def state_of(
    due_on: date, met_on: date | None, today: date, lapsed_on: date | None = None
) -> DisclosureState:
    """Return the state on ``today``; what is met only later is not met yet."""
    if lapsed_on is not None:
        return DisclosureState.LAPSED
    if met_on is not None and met_on <= today:
        return DisclosureState.MET if met_on <= due_on else DisclosureState.MET_LATE
    if today > due_on:
        return DisclosureState.OVERDUE
    soon = due_on - today <= timedelta(days=SOON_DAYS)
    return DisclosureState.SOON if soon else DisclosureState.OPEN


def check_proof(
    rule: DutyRule,
    channel: Channel,
    met_on: date,
    until_on: date | None,
    *,
    arisen_on: date,
    today: date,
) -> None:
    """Refuse a proof from the future, from before the event, or of a board that it left too soon.

    Raises:
        RuleBroken: with the figures and the field.
    """
    if met_on > today:
        raise RuleBroken(
            f"公开日期 {met_on} 还没有到，今天是 {today}。请填写实际公开的日期。", field="met_on"
        )
    if rule.after_event and met_on < arisen_on:
        raise RuleBroken(
            f"公开日期 {met_on} 早于这件事发生的 {arisen_on}，说的不是这一次。"
            f"请填写 {arisen_on} 以后的公开日期。",
            field="met_on",
        )
    if until_on is not None and until_on < met_on:
        raise RuleBroken(
            f"张贴到 {until_on}，早于张贴日期 {met_on}。请核对两个日期。", field="until_on"
        )
    if channel is not Channel.BOARD or not rule.posting_days:
        return
    least = met_on + timedelta(days=rule.posting_days)
    if until_on is None or until_on < least:
        hung = "没有填写张贴到哪天" if until_on is None else f"只有 {(until_on - met_on).days} 天"
        raise RuleBroken(
            f"“{rule.label}”在公示栏至少张贴 {rule.posting_days} 天，{hung}。应张贴到 {least} 或以后。",
            field="until_on",
        )


def read_duty(row: Row) -> DutyRule:
    """Read one row of ``duties.toml``."""
    rule = DutyRule(
        code=row.code(),
        label=row.text("label"),
        event=row.member("event", DisclosureEvent),
        level=row.member("level", DisclosureLevel),
        days=row.count("days"),
        kind=row.member("kind", DayKind),
        kinds=row.members("kinds", DisclosureKind) if row.has("kinds") else (),
        stages=row.members("stages", NoticeStage) if row.has("stages") else (),
        posting_days=row.whole("posting_days") if row.has("posting_days") else 0,
        after_event=row.flag("after_event") if row.has("after_event") else False,
        recipients=row.members("recipients", Role),
        escalation=row.members("escalation", Role) if row.has("escalation") else (),
        reminder_steps=row.falling("reminder_steps") if row.has("reminder_steps") else (),
        basis=row.text("basis"),
    )
    _check_sense(rule, row)
    return rule


def check_duties(rules: Iterable[DutyRule], file: Row) -> None:
    """Note each event and level that two rows speak of: one notice would be owed twice."""
    seen: dict[tuple[DisclosureEvent, DisclosureLevel], str] = {}
    for rule in rules:
        earlier = seen.setdefault((rule.event, rule.level), rule.code)
        if earlier != rule.code:
            file.wrong(f'duty "{rule.code}"：与 {earlier} 的 event 和 level 相同')


def _check_sense(rule: DutyRule, row: Row) -> None:
    """Find values that are right one by one and wrong together."""
    county = rule.level is DisclosureLevel.COUNTY
    if county and (rule.stages or not rule.kinds):
        row.wrong("level 是 county 的填 kinds，不填 stages")
    if not county and (rule.kinds or not rule.stages):
        row.wrong(f"level 是 {rule.level} 的填 stages，不填 kinds")
    if county == bool(rule.posting_days):
        row.wrong("level 是 county 的不填 posting_days" if county else "缺少 posting_days")
    if rule.reminder_steps and rule.reminder_steps[0] > rule.days:
        row.wrong(f"reminder_steps 不能早于起算日，现在是 {rule.reminder_steps[0]}")
