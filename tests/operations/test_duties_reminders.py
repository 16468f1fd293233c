"""Who hears of a duty of disclosure: the people of its place, together and exactly once."""

from datetime import date

from portal.db import unit_of_work
from portal.deadlines.operations import mark_reminded, remind
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import NoticeStage
from portal.scheduler import runs
from tests import ledger
from tests.duties import admit, hang, start
from tests.world import World


def run(day: date) -> list[tuple]:
    """What the scheduler does: rule, step and whom of each line."""
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        found = remind(day)
    return [(line["rule"], line["step"], sorted(line["recipients"])) for line in found]


def texts(day: date) -> list[str]:
    with unit_of_work(SYSTEM, "remind"):
        runs.claim("remind", day)
        return [line["text"] for line in remind(day)]


def test_a_week_before_the_end_the_people_of_each_place_hear_once(either_app) -> None:
    """Admitted on 1 March: due on 29 March; two projects of one village are one line."""
    world = World()
    admit(world)
    admit(world, "东村水渠")
    assert run(date(2023, 3, 21)) == []
    assert run(date(2023, 3, 22)) == [
        ("admitted_county", 7, ["lead_office"]),
        ("admitted_township", 7, ["town_reviewer"]),
        ("admitted_village", 7, ["village_clerk"]),
    ]
    assert run(date(2023, 3, 22)) == []


def test_the_line_says_where_how_many_and_until_when(app) -> None:
    world = World()
    admit(world)
    admit(world, "东村水渠")
    assert texts(date(2023, 3, 29))[2] == (
        "东村 2 项 “村级公示入库项目”还没有办完，今天到期（2023年3月29日）。"
        "去公开或登记凭证 /disclosure/ledger/"
    )


def test_what_is_overdue_is_one_line_a_week_and_goes_up(either_app) -> None:
    """From Thursday 30 March the township hears of its village, its leader of the township."""
    world = World()
    project = admit(world)
    run(date(2023, 3, 29))
    late = run(date(2023, 3, 30))
    assert [(rule, whom) for rule, _step, whom in late] == [
        ("disclosure_overdue", ["approver", "approver2", "lead_office"]),
        ("disclosure_overdue", ["town_leader", "town_reviewer"]),
        ("disclosure_overdue", ["town_reviewer", "village_clerk"]),
    ]
    assert run(date(2023, 3, 31)) == []
    hang(world, project, NoticeStage.APPLICATION, date(2023, 3, 2))
    monday = run(date(2023, 4, 3))
    assert [whom for _rule, _step, whom in monday] == [
        ["approver", "approver2", "lead_office"],
        ["town_leader", "town_reviewer"],
    ]


def test_the_weekly_line_counts_and_names_the_oldest_day(app) -> None:
    world = World()
    start(admit(world), date(2023, 3, 10))
    assert (
        "东村有 1 项公开任务逾期，最早的应在2023年3月10日公开，已逾期 10 天。"
        "去公开或登记凭证 /disclosure/ledger/?state=overdue"
    ) in texts(date(2023, 3, 20))


def test_the_allocation_result_is_not_reminded_of_twice(app) -> None:
    """Approved on 6 March, due after 15 working days: on 27 March."""
    world = World()
    document, project = ledger.add_document(world), admit(world, on=None)
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, project, 100)
    ledger.approve(world, batch, date(2023, 3, 6))
    rules = {rule for rule, _step, _whom in run(date(2023, 3, 20))}
    assert "disclose_allocation" in rules
    assert "allocated_county" not in rules


def test_a_county_that_begins_on_a_day_hears_nothing_of_the_days_before(app) -> None:
    world = World()
    admit(world)
    with unit_of_work(SYSTEM, "test"):
        mark_reminded(date(2023, 3, 22))
    assert run(date(2023, 3, 23)) == []
    assert [step for _rule, step, _whom in run(date(2023, 3, 26))] == [3, 3, 3]
