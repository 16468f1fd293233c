"""What may be put on record of the works; refusals name both figures."""

from datetime import date

import pytest

from portal.rules import works
from portal.rules.broken import RuleBroken
from portal.rules.change_flow import Hold, check_proposal, misfit
from portal.rules.money import FEN_PER_WAN
from portal.rules.vocabulary import AcceptanceLevel, ChangeKind
from portal.rules.works import ContractTerms, Look

TODAY = date(2023, 10, 1)
SUSPENDED = Hold(ChangeKind.SUSPEND, date(2023, 5, 1))
TERMINATED = Hold(ChangeKind.TERMINATE, date(2023, 5, 1))


def wan(amount: int) -> int:
    return amount * FEN_PER_WAN


def terms(amount: int = 100, retention: int = 0, **facts) -> ContractTerms:
    usual = {"signed_on": date(2023, 4, 1), "expires_on": None, "retention_due_on": None}
    return ContractTerms(amount=wan(amount), retention_amount=wan(retention), **usual | facts)


def refusal(check, *arguments, **facts) -> tuple[str | None, str]:
    with pytest.raises(RuleBroken) as broken:
        check(*arguments, **facts)
    return broken.value.field, broken.value.message


def test_days_run_forward_over_the_gaps():
    works.check_dates({"designed_on": date(2023, 3, 1), "started_on": date(2023, 3, 1)}, TODAY)
    assert refusal(
        works.check_dates,
        {"designed_on": date(2023, 3, 2), "started_on": date(2023, 3, 1)},
        TODAY,
    ) == ("started_on", "开工日期 2023-03-01 早于设计完成日期 2023-03-02，请更正其中一个")


def test_a_day_that_has_not_come_is_refused():
    field, message = refusal(works.check_dates, {"finished_on": date(2023, 10, 2)}, TODAY)
    assert field == "finished_on"
    assert "2023-10-02 还没有到，今天是 2023-10-01" in message


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"amount": 0}, "amount", "大于 0"),
        ({"signed_on": date(2023, 10, 2)}, "signed_on", "还没有到"),
        ({"expires_on": date(2023, 3, 1)}, "expires_on", "早于签订日期 2023-04-01"),
        ({"retention": 101}, "retention_amount", "101.00 万元超过合同（结算）价 100.00 万元"),
        ({"retention": 3}, "retention_due_on", "有质保金"),
        ({"retention_due_on": date(2024, 4, 1)}, "retention_amount", "请填写质保金金额"),
        ({"amount": 39}, "amount", "39.00 万元低于已付和在途的 40.00 万元，差 1.00 万元"),
    ],
)
def test_terms_that_cannot_be_right(facts, field, words):
    found, message = refusal(works.check_terms, terms(**facts), TODAY, paid=wan(40))
    assert found == field
    assert words in message


def settle(amount: int, settled_on: date = TODAY, *, changed=False, **facts) -> None:
    works.check_settlement(
        wan(amount), settled_on, terms=terms(**facts), changed=changed, paid=wan(40), today=TODAY
    )


def test_the_settled_price_is_within_contract_and_payments():
    settle(40)
    settle(100)
    assert "低于已付和在途的 40.00 万元" in refusal(settle, 39)[1]
    assert "请先办理变更审批" in refusal(settle, 101)[1]
    settle(101, changed=True)


def test_a_settlement_has_its_day_and_its_retention():
    assert refusal(settle, 90, date(2023, 3, 31))[0] == "settled_on"
    assert refusal(settle, 90, date(2023, 10, 2))[0] == "settled_on"
    field, message = refusal(settle, 50, retention=60, retention_due_on=date(2024, 10, 1))
    assert field == "retention_amount"
    assert "超过合同（结算）价 50.00 万元" in message


def accept(level: AcceptanceLevel, on: date, *passed: Look) -> None:
    works.check_acceptance(level, on, finished_on=date(2023, 9, 1), passed=passed)


def test_the_levels_of_acceptance_come_from_below():
    own = Look(AcceptanceLevel.SELF, date(2023, 9, 5), 1)
    town = Look(AcceptanceLevel.TOWNSHIP, date(2023, 9, 8), 2)
    accept(AcceptanceLevel.SELF, date(2023, 9, 1))
    accept(AcceptanceLevel.COUNTY, date(2023, 9, 9), own, town)
    for level, on, passed, words in (
        (AcceptanceLevel.SELF, date(2023, 8, 31), (), "早于完工日期 2023-09-01"),
        (AcceptanceLevel.SELF, date(2023, 9, 6), (own,), "自检已于 2023-09-05 通过"),
        (AcceptanceLevel.TOWNSHIP, date(2023, 9, 6), (), "自检还没有通过"),
        (AcceptanceLevel.COUNTY, date(2023, 9, 6), (own,), "乡镇验收还没有通过"),
        (AcceptanceLevel.COUNTY, date(2023, 9, 7), (own, town), "早于乡镇验收日期 2023-09-08"),
    ):
        assert words in refusal(accept, level, on, *passed)[1]


def test_unfinished_works_are_not_accepted():
    _field, message = refusal(
        works.check_acceptance, AcceptanceLevel.SELF, TODAY, finished_on=None, passed=()
    )
    assert message.startswith("还没有登记完工日期")


def test_each_level_is_looked_at_by_another_person():
    own = Look(AcceptanceLevel.SELF, date(2023, 9, 5), 1)
    works.refuse_second_look(2, [own])
    assert "要由另一人登记" in refusal(works.refuse_second_look, 1, [own])[1]


def test_progress_falls_only_with_a_reason():
    works.check_progress(0, None, "")
    works.check_progress(60, 60, "")
    works.check_progress(30, 60, "返工")
    assert refusal(works.check_progress, 30, 60, " ")[0] == "words"
    assert refusal(works.check_progress, 101, None, "")[0] == "percent"


@pytest.mark.parametrize(
    ("kind", "hold", "words"),
    [
        (ChangeKind.RESUME, None, "没有暂缓"),
        (ChangeKind.SUSPEND, SUSPENDED, "已于 2023-05-01 暂缓"),
        *((kind, TERMINATED, "已于 2023-05-01 终止") for kind in ChangeKind),
        (ChangeKind.SUSPEND, None, None),
        (ChangeKind.TERMINATE, SUSPENDED, None),
        (ChangeKind.RESUME, SUSPENDED, None),
        (ChangeKind.CHANGE, SUSPENDED, None),
    ],
)
def test_a_change_fits_the_state_of_the_project(kind, hold, words):
    found = misfit(kind, hold)
    assert found is words is None or words in found


def test_one_proposal_at_a_time_and_a_change_says_what_changes():
    check_proposal(ChangeKind.SUSPEND, None, None, "")
    assert "还没有审批" in refusal(check_proposal, ChangeKind.SUSPEND, None, TODAY, "")[1]
    assert refusal(check_proposal, ChangeKind.CHANGE, None, None, " ")[0] == "details"
