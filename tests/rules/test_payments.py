"""The limits of a payment and the chain of its gates: pure functions, each refusal with figures and fix."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.rules import book, payment_limits
from portal.rules.book import BookError
from portal.rules.broken import RuleBroken
from portal.rules.money import parse_wan
from portal.rules.payment_flow import FLOW
from portal.rules.payment_gates import Gate, Gates, short_of_people
from portal.rules.payment_limits import ContractFacts, PaymentFacts
from portal.rules.vocabulary import ContractKind, PaymentKind, PaymentStatus, Role
from portal.rules.workflow import Move, check_step, find_step

DAY = date(2023, 6, 1)


def wan(text: str | int) -> int:
    return parse_wan(str(text))


CONTRACT = ContractFacts(
    name="施工合同",
    kind=ContractKind.WORKS,
    contractor="甲公司",
    limit=wan(100),
    spoken_for=wan(60),
    settled=False,
    retention_amount=wan(5),
    retention_due_on=date(2024, 6, 1),
)
FACTS = PaymentFacts(
    on=DAY,
    kind=PaymentKind.PROGRESS,
    amount=wan(10),
    payee="甲公司",
    purpose="",
    held="",
    needs_contract=True,
    without_contract="",
    contract=CONTRACT,
    notice_problem=None,
    more_gates=True,
    approved_on=None,
)
SETTLED = replace(CONTRACT, settled=True, limit=wan(90))


def submit(facts: PaymentFacts) -> None:
    step = find_step(FLOW, Move.SUBMIT, PaymentStatus.DRAFT, facts)
    check_step(step, facts, actor_id=1, earlier_actors=frozenset(), words="")


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        replace(FACTS, amount=wan("34.99")),
        replace(FACTS, amount=wan(25), contract=SETTLED),  # up to the retention
        replace(
            FACTS,
            amount=wan(35),
            contract=replace(CONTRACT, kind=ContractKind.SERVICE),
            notice_problem="还没有登记竣工公示",
        ),
        replace(FACTS, contract=None, without_contract="零星采购"),
        replace(FACTS, contract=None, needs_contract=False, kind=PaymentKind.SUBSIDY),
        replace(FACTS, payee="乙公司", purpose="按甲公司委托付款书支付"),
        replace(FACTS, kind=PaymentKind.SETTLEMENT, amount=wan(25), contract=SETTLED),
        replace(
            FACTS,
            kind=PaymentKind.RETENTION,
            amount=wan(5),
            on=date(2024, 6, 1),
            contract=replace(SETTLED, spoken_for=wan(85)),
        ),
        replace(
            FACTS,
            kind=PaymentKind.SETTLEMENT,
            contract=replace(CONTRACT, kind=ContractKind.GOODS),
        ),
    ],
)
def test_what_is_within_the_limits_may_be_asked_for(facts):
    submit(facts)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(FACTS, amount=0), "还没有填金额"),
        (replace(FACTS, held="项目已批准暂缓实施"), "暂缓实施"),
        (replace(FACTS, contract=None), "请选择合同"),
        (
            replace(FACTS, contract=None, without_contract="有", kind=PaymentKind.SETTLEMENT),
            "“结算款”要对应合同",
        ),
        (replace(FACTS, payee="乙公司"), "不是合同的承包单位“甲公司”"),
        (
            replace(FACTS, amount=wan("40.01")),
            "合同价 100.00 万元，已付和在途 60.00 万元，本次 40.01 万元。请减少 0.01 万元",
        ),
        (
            replace(FACTS, contract=SETTLED, amount=wan(31)),
            "不能超过结算价：合同“施工合同”结算价 90.00 万元",
        ),
        (replace(FACTS, amount=wan("35.01")), "到期前最多付 95.00 万元"),
        (
            replace(FACTS, kind=PaymentKind.RETENTION, amount=wan(1), contract=SETTLED),
            "质保金 5.00 万元，2024-06-01 到期，到期后再申请",
        ),
        (
            replace(
                FACTS,
                kind=PaymentKind.RETENTION,
                contract=replace(SETTLED, retention_due_on=None),
            ),
            "还没有登记到期日",
        ),
        (replace(FACTS, kind=PaymentKind.SETTLEMENT), "还没有登记结算价"),
        (
            replace(FACTS, amount=wan(35)),
            "合同价 100.00 万元，已付和在途 60.00 万元。还没有登记结算价",
        ),
        (
            replace(FACTS, amount=wan(25), contract=SETTLED, notice_problem="竣工公示还差 3 天"),
            "竣工公示还差 3 天",
        ),
        (
            replace(
                FACTS,
                kind=PaymentKind.SETTLEMENT,
                contract=SETTLED,
                notice_problem="竣工公示还差 3 天",
            ),
            "竣工公示还差 3 天",
        ),
    ],
)
def test_what_breaks_a_limit_is_refused_with_the_figures(facts, words):
    with pytest.raises(RuleBroken) as broken:
        submit(facts)
    assert words in broken.value.message


def test_an_open_notice_hinders_only_the_last_money():
    submit(replace(FACTS, notice_problem="公示没有结束"))


@pytest.mark.parametrize(
    ("paid_on", "allowed"),
    [(None, False), (date(2023, 5, 29), False), (date(2023, 5, 30), True), (DAY, True)],
)
def test_money_leaves_between_the_last_gate_and_today(paid_on, allowed):
    facts = replace(FACTS, approved_on=date(2023, 5, 30), paid_on=paid_on)
    assert (payment_limits.day_in_order(facts) is None) is allowed
    assert payment_limits.day_in_order(replace(facts, paid_on=date(2023, 6, 2)))


def chain(*roles: Role, different_people: bool = True) -> Gates:
    gates = tuple(Gate(f"g{number}", f"岗{number}", role) for number, role in enumerate(roles))
    return Gates(gates, different_people, "S4")


def test_the_next_gate_is_the_first_that_is_not_passed():
    gates = chain(Role.FINANCE_AGRI, Role.FINANCE_AGRI, Role.FINANCE_PAYMENT)
    assert gates.next_after(()) == gates.gates[0]
    assert gates.next_after({"g0", "g2"}) == gates.gates[1]
    assert gates.next_after({"g0", "g1", "g2", "gone"}) is None


@pytest.mark.parametrize(
    ("people", "short"),
    [
        ({"g0": [1], "g1": [2]}, []),
        ({"g0": [1, 2], "g1": [1]}, []),  # the first gives way to the second
        ({"g0": [1], "g1": [1]}, ["g1"]),
        ({"g1": [1]}, ["g0"]),
    ],
)
def test_a_chain_needs_another_person_for_each_gate(people, short):
    gates = chain(Role.FINANCE_AGRI, Role.FINANCE_AGRI)
    assert [gate.code for gate in short_of_people(gates, people)] == short


def test_one_person_may_do_where_people_need_not_differ():
    gates = chain(Role.FINANCE_AGRI, Role.FINANCE_AGRI, different_people=False)
    assert short_of_people(gates, {"g0": [1], "g1": [1]}) == ()


def test_the_default_chain_has_the_six_gates_of_the_source():
    gates = book.load().payment_gates
    labels = ["扶贫股", "盯办岗", "支付中心", "乡财股", "分管领导", "主要领导"]
    assert [gate.label for gate in gates.gates] == labels
    assert gates.different_people


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('gate = []\nbasis = "x"', "至少要有一道审核"),
        (
            'basis = "x"\n[[gate]]\ncode = "a"\nlabel = "甲"\nrole = "auditor"',
            "岗位 auditor 没有审核支付的权限",
        ),
        ('[[gate]]\ncode = "a"\nlabel = "甲"\nrole = "town_leader"', "缺少 basis"),
    ],
)
def test_a_chain_that_cannot_work_stops_the_start(tmp_path: Path, text, reason):
    (tmp_path / "payment_gates.toml").write_text(text, "utf-8")
    with pytest.raises(BookError, match=reason):
        book.load(tmp_path)


def test_a_county_may_name_one_gate_in_the_township(tmp_path: Path):
    text = 'basis = "x"\n[[gate]]\ncode = "a"\nlabel = "乡镇"\nrole = "town_leader"'
    (tmp_path / "payment_gates.toml").write_text(text, "utf-8")
    found = book.load(tmp_path).payment_gates
    assert (found.codes, found.different_people) == (("a",), False)
