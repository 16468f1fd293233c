"""Early warnings: when each fires, and that its words name the figures."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.rules import book
from portal.rules.book import BookError
from portal.rules.warnings import CHECKS, ContractFacts, WorkFacts, find
from tests.ledger import wan

DAY = date(2023, 9, 1)
RULES = book.load().warnings
CONTRACT = ContractFacts(1, "施工合同", date(2023, 12, 1), None, 0)
SOUND = WorkFacts(
    day=DAY,
    allocated=wan(1400),
    paid=wan(400),
    allocated_on=date(2023, 3, 1),
    progress=30,
    held="",
    held_on=None,
    needs_contract=True,
    finished_on=None,
    contracts=(CONTRACT,),
    late_milestones=(),
)


def found(**changed: object) -> list[tuple[str, str]]:
    return [(one.rule.code, one.words) for one in find(RULES, replace(SOUND, **changed))]


def retention(due_on: date, amount: int = wan(3)) -> tuple[ContractFacts, ...]:
    return (replace(CONTRACT, retention_due_on=due_on, retention_open=amount),)


def test_a_sound_project_has_none() -> None:
    assert found() == []


def test_the_default_book_has_every_check() -> None:
    assert set(RULES) == set(CHECKS)


def test_the_cattle_project_of_jingyu() -> None:
    """S0: 1000 paid of 1400, on hold, no contract."""
    alarms = found(
        paid=wan(1000), held="暂缓实施", held_on=date(2023, 8, 1), contracts=(), progress=None
    )
    paid = "已付 1000.00 万元（安排 1400.00 万元的 71.43%）"
    assert alarms == [
        ("paid_on_hold", f"{paid}，项目已于 2023-08-01 暂缓实施"),
        ("paid_without_contract", f"{paid}，没有登记合同"),
        ("paid_ahead", f"{paid}，还没有报告形象进度，支付超前 71.43 个百分点"),
    ]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"held": "暂缓实施", "paid": 0}, []),
        ({"contracts": (), "paid": 0, "allocated_on": DAY}, []),
        ({"contracts": (), "needs_contract": False}, []),
        ({"progress": 0, "paid": wan(420)}, []),
        ({"progress": 0, "paid": wan("420.14")}, ["paid_ahead"]),
        ({"progress": 0, "paid": wan(1400), "needs_contract": False}, []),
        ({"paid": 0, "allocated_on": date(2023, 6, 3)}, []),
        ({"paid": 0, "allocated_on": date(2023, 6, 2)}, ["parked"]),
        ({"paid": 0, "allocated_on": date(2023, 6, 2), "held": "暂缓实施"}, []),
        ({"contracts": (replace(CONTRACT, expires_on=DAY),)}, []),
        ({"contracts": (replace(CONTRACT, expires_on=date(2023, 8, 31)),)}, ["contract_expired"]),
        ({"contracts": (replace(CONTRACT, expires_on=date(2023, 8, 31)),), "finished_on": DAY}, []),
        ({"contracts": retention(date(2023, 10, 2))}, []),
        ({"contracts": retention(date(2023, 10, 1))}, ["retention_due"]),
        ({"contracts": retention(date(2023, 8, 1))}, ["retention_due"]),
        ({"contracts": retention(date(2023, 8, 1), 0)}, []),
        ({"late_milestones": (("开工", 3),)}, ["milestone_late"]),
    ],
)
def test_where_each_begins(changed: dict[str, object], codes: list[str]) -> None:
    assert [code for code, _words in found(**changed)] == codes


def test_the_words_name_days_and_amounts() -> None:
    assert found(paid=0, allocated_on=date(2023, 4, 1)) == [
        ("parked", "2023-04-01 安排的 1400.00 万元，153 天还没有支付")
    ]
    assert found(contracts=retention(date(2023, 9, 20))) == [
        ("retention_due", "“施工合同”质保金 3.00 万元将于 2023-09-20 到期，还没有支付")
    ]
    assert found(late_milestones=(("开工", 3), ("完工", 1))) == [
        ("milestone_late", "实施节点没有按期完成：开工逾期 3 天、完工逾期 1 天")
    ]


def test_faults_of_the_table_are_named(tmp_path: Path) -> None:
    text = (book.DEFAULT_FOLDER / "warnings.toml").read_text("utf-8")
    text = text.replace('code = "parked"', 'code = "lost"').replace(
        "limit = 30              # perc", "# "
    )
    (tmp_path / "warnings.toml").write_text(text, "utf-8")
    with pytest.raises(BookError) as refused:
        book.load(tmp_path)
    ahead, lost = refused.value.problems
    assert ahead == 'warnings.toml，warning "paid_ahead"：缺少 limit'
    assert lost.startswith('warnings.toml，warning "lost"：code 应是 paid_on_hold、')
