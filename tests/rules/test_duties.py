"""What has to be told until when: the table, its days, its faults, and what counts as a proof."""

from datetime import date
from pathlib import Path

import pytest

from portal.rules import book
from portal.rules.book import BookError
from portal.rules.broken import RuleBroken
from portal.rules.duties import DisclosureState, check_proof, state_of
from portal.rules.vocabulary import Channel, DisclosureEvent, DisclosureLevel

COUNTY, TOWNSHIP, VILLAGE = DisclosureLevel
ARISEN, TODAY = date(2023, 3, 6), date(2023, 3, 20)
EVERYWHERE, LOCAL = {COUNTY, TOWNSHIP, VILLAGE}, {TOWNSHIP, VILLAGE}
MATRIX = {
    DisclosureEvent.RECEIVED: {COUNTY},
    DisclosureEvent.ALLOCATED: {COUNTY},
    DisclosureEvent.ADMITTED: EVERYWHERE,
    DisclosureEvent.PLANNED: EVERYWHERE,
    DisclosureEvent.ADJUSTED: EVERYWHERE,
    DisclosureEvent.STARTED: LOCAL,
    DisclosureEvent.COMPLETED: EVERYWHERE,
    DisclosureEvent.TARGETS_APPROVED: EVERYWHERE,
    DisclosureEvent.EVALUATED: EVERYWHERE,
    DisclosureEvent.ASSESSED: {COUNTY},
}


def test_the_default_table_is_the_matrix_of_events_and_levels() -> None:
    duties = book.load().duties.values()
    found = {event: {rule.level for rule in duties if rule.event is event} for event in MATRIX}
    assert found == MATRIX
    assert set(MATRIX) == set(DisclosureEvent)
    assert all(rule.posting_days == 10 for rule in duties if rule.level is not COUNTY)
    assert all(rule.basis and rule.escalation for rule in duties)


def test_the_allocation_result_is_reminded_of_by_its_own_clock_only() -> None:
    rules = book.load()
    silent = [rule.code for rule in rules.duties.values() if not rule.reminder_steps]
    assert silent == ["allocated_county"]
    assert "disclose_allocation" in rules.deadlines


@pytest.mark.parametrize(
    ("code", "event_on", "due_on"),
    [
        # 15 December 2022 + 20 working days: 2 January 2023 was off (元旦).
        ("received_county", date(2022, 12, 15), date(2023, 1, 13)),
        # The spring festival takes 23—27 January, 28 and 29 January are worked for it.
        ("allocated_county", date(2023, 1, 9), date(2023, 2, 2)),
        ("targets_county", date(2023, 3, 20), date(2023, 4, 18)),
        ("started_village", date(2023, 4, 1), date(2023, 4, 1)),  # a Saturday: it hangs before
    ],
)
def test_the_last_day(code: str, event_on: date, due_on: date) -> None:
    rules = book.load()
    assert rules.duties[code].due_on(event_on, rules.holidays) == due_on


def test_natural_days_end_on_a_holiday_too(tmp_path: Path) -> None:
    text = default().replace('days = 20\nkind = "working"', 'days = 20\nkind = "natural"', 1)
    (tmp_path / "duties.toml").write_text(text, "utf-8")
    rules = book.load(tmp_path)
    received = rules.duties["received_county"]
    assert received.due_on(date(2023, 1, 2), rules.holidays) == date(2023, 1, 22)
    assert received.limit == "20 天"


@pytest.mark.parametrize(
    ("met_on", "today", "state"),
    [
        (None, date(2023, 1, 5), DisclosureState.OPEN),
        (None, date(2023, 1, 6), DisclosureState.SOON),
        (None, date(2023, 1, 13), DisclosureState.SOON),
        (None, date(2023, 1, 14), DisclosureState.OVERDUE),
        (date(2023, 1, 13), date(2023, 1, 14), DisclosureState.MET),
        (date(2023, 1, 14), date(2023, 1, 14), DisclosureState.MET_LATE),
        (date(2023, 1, 15), date(2023, 1, 14), DisclosureState.OVERDUE),  # has not come yet
    ],
)
def test_the_state_on_a_day(met_on: date | None, today: date, state: DisclosureState) -> None:
    assert state_of(date(2023, 1, 13), met_on, today) is state
    assert state_of(date(2023, 1, 13), met_on, today, today) is DisclosureState.LAPSED


@pytest.mark.parametrize(
    ("met_on", "until_on", "words"),
    [
        (date(2023, 3, 21), date(2023, 4, 1), "公开日期 2023-03-21 还没有到，今天是 2023-03-20"),
        (date(2023, 3, 1), None, "至少张贴 10 天，没有填写张贴到哪天。应张贴到 2023-03-11 或以后"),
        (date(2023, 3, 1), date(2023, 3, 8), "只有 7 天。应张贴到 2023-03-11"),
        (date(2023, 3, 1), date(2023, 2, 8), "张贴到 2023-02-08，早于张贴日期 2023-03-01"),
    ],
)
def test_a_proof_that_does_not_hold_is_refused_with_its_figures(
    met_on: date, until_on: date | None, words: str
) -> None:
    rule = book.load().duties["planned_village"]
    with pytest.raises(RuleBroken, match=words):
        check_proof(rule, Channel.BOARD, met_on, until_on, arisen_on=ARISEN, today=TODAY)


def test_a_board_of_ten_days_and_a_web_page_hold() -> None:
    rule = book.load().duties["planned_village"]
    hung, until = date(2023, 3, 1), date(2023, 3, 11)
    check_proof(rule, Channel.BOARD, hung, until, arisen_on=ARISEN, today=TODAY)
    check_proof(rule, Channel.WEBSITE, TODAY, None, arisen_on=ARISEN, today=TODAY)


def test_what_was_told_before_an_adjustment_is_no_proof_of_it() -> None:
    rules, early = book.load().duties, date(2023, 3, 5)
    check_proof(
        rules["planned_county"], Channel.WEBSITE, early, None, arisen_on=ARISEN, today=TODAY
    )
    with pytest.raises(RuleBroken, match="2023-03-05 早于这件事发生的 2023-03-06"):
        check_proof(
            rules["adjusted_county"], Channel.WEBSITE, early, None, arisen_on=ARISEN, today=TODAY
        )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("days = 20", "days = -1", '，duty "received_county"：days 应填不小于 0 的整数，现在是 -1'),
        (
            'event = "received"',
            'event = "arrived"',
            '，duty "received_county"：event 应是 received、allocated、',
        ),
        (
            'kinds = ["fund_receipt"]',
            'stages = ["plan"]',
            '，duty "received_county"：level 是 county 的填 kinds，不填 stages',
        ),
        (
            'stages = ["application"]\nposting_days = 10\n',
            'stages = ["application"]\n',
            '，duty "admitted_township"：缺少 posting_days',
        ),
        (
            'event = "allocated"',
            'event = "received"',
            '：duty "allocated_county"：与 received_county 的 event 和 level 相同',
        ),
        (
            "reminder_steps = [7, 3, 1, 0]",
            "reminder_steps = [30, 0]",
            '，duty "received_county"：reminder_steps 不能早于起算日，现在是 30',
        ),
        ("\nescalation", "\nescalates", '，duty "received_county"：不认识 escalates'),
    ],
)
def test_a_wrong_table_stops_with_file_row_and_reason(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert old in default()
    (tmp_path / "duties.toml").write_text(default().replace(old, new, 1), "utf-8")
    with pytest.raises(BookError) as refused:
        book.load(tmp_path)
    assert refused.value.problems[0].startswith(f"duties.toml{fault}")


def default() -> str:
    return (book.DEFAULT_FOLDER / "duties.toml").read_text("utf-8")
