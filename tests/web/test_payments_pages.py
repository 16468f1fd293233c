"""The pages of payments over HTTP: who sees what, what is saved, how a refusal reads."""

import re
from io import BytesIO

import pytest

from portal.db import db
from portal.payments.models import GateKeeper, Payment, Posting, TreasuryLine, TreasuryList
from portal.rules.vocabulary import PaymentOrigin, PaymentStatus
from portal.rules.workflow import Move
from tests import ledger, payments
from tests.ledger import TODAY, wan

HEADING = "支付日期,支付凭证号,收款人名称,支付金额(元),摘要,指标文号,项目名称\n"


@pytest.fixture
def project(world):
    return ledger.add_project(world)


@pytest.fixture
def document(world, project):
    return payments.place(world, project, 60)


@pytest.fixture
def town(client):
    return client.sign_in("town_reviewer")


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def only(model):
    return db.session.query(model).populate_existing().one()


def form_of(document, amount: str, **more) -> dict[str, str]:
    usual = {"kind": "progress", "contract": "", "payee": "甲公司", "without_contract": "零星采购"}
    return {f"amount-{document.id}": amount, **usual, **more}


def csv(*lines: str, name: str = "国库.csv"):
    return {"file": (BytesIO((HEADING + "\n".join(lines)).encode()), name)}


def test_a_request_is_saved_submitted_and_shown_with_its_gates(town, project, document):
    assert "东村道路" in page_of(town.get("/payments/new"))
    page = page_of(town.get(f"/payments/new?project={project.id}"))
    assert "60.00" in page

    answer = town.post(
        f"/payments/new?project={project.id}", form_of(document, "１２.5", submit="1")
    )

    payment = only(Payment)
    assert answer.status_code == 303
    assert answer.location.startswith(f"/payments/{payment.id}")
    assert (payment.status, payment.amount) == (PaymentStatus.CHECKING, wan("12.5"))
    shown = page_of(town.get(f"/payments/{payment.id}"))
    assert "扶贫股 等 测试11、测试12 审核 2023-03-20 到岗" in shown
    assert "人民币壹拾贰万伍仟元整" in shown
    assert "资金支付审批表" in page_of(town.get(f"/payments/{payment.id}/sheet"))


def test_a_refusal_keeps_what_was_typed_and_saves_nothing(town, project, document):
    address = f"/payments/new?project={project.id}"
    wrong = town.post(address, form_of(document, "12万", submit="1"))
    assert (wrong.status_code, "请改成 1234.50 的样子" in page_of(wrong)) == (422, True)
    above = town.post(address, form_of(document, "60.01", submit="1"))
    assert above.status_code == 422
    assert "还可申请 60.00 万元，本次 60.01 万元。请减少 0.01 万元" in page_of(above)
    assert 'value="60.01"' in above.get_data(as_text=True)
    assert db.session.query(Payment).count() == 0


def test_a_draft_is_edited_by_the_same_form(world, town, project, document):
    draft = payments.request(world, project, {document: 5})
    assert 'value="5.00"' in town.get(f"/payments/{draft.id}/edit").get_data(as_text=True)
    assert town.post(f"/payments/{draft.id}/edit", form_of(document, "6")).status_code == 303
    assert only(Payment).amount == wan(6)
    contract = payments.sign(world, project, 50)
    bound = form_of(document, "6", contract=str(contract.id))
    assert town.post(f"/payments/{draft.id}/edit", bound).status_code == 303
    page = town.get(f"/payments/{draft.id}/edit").get_data(as_text=True)
    assert f'<option selected value="{contract.id}">' in page


def test_the_sum_is_echoed_while_typing(town, project, document):
    answer = town.get(f"/payments/new/{project.id}/echo?amount-{document.id}=3.05")
    assert "即 30500.00 元，人民币叁万零伍佰元整" in page_of(answer)
    huge = "&".join(f"amount-{n}=10000000" for n in range(1, 9))
    assert town.get(f"/payments/new/{project.id}/echo?{huge}").status_code == 200


def test_the_list_narrows_by_its_address_and_each_sum_is_a_link(world, town, project, document):
    second = payments.place(world, ledger.add_project(world, "乙桥"), 5, "2号")
    payments.request(world, project, {document: 20})
    other = db.session.query(ledger.Project).filter_by(name="乙桥").one()
    payments.take(world, payments.request(world, other, {second: 5}), Move.SUBMIT, "town_reviewer")

    page = town.get("/payments/")
    assert "草稿 1 笔 20.00 万元" in page_of(page)
    assert 'href="/payments/?status=checking"' in page.get_data(as_text=True)
    assert "乙桥" not in page_of(town.get("/payments/?status=draft"))
    narrowed = page_of(town.get(f"/payments/?document={second.id}&year=2023"))
    assert "审核中 1 笔 5.00 万元" in narrowed
    assert "东村道路" not in narrowed
    assert "还没有" not in page_of(town.get("/payments/?status=nonsense&project=x"))


def test_home_says_what_waits_for_whom(world, town, project, document):
    draft = payments.request(world, project, {document: 20})
    assert "支付 20.00 万元：东村道路" in page_of(town.get("/"))
    payments.take(world, draft, Move.SUBMIT, "town_reviewer")
    assert "去审核" in page_of(town.sign_in("finance_agri").get("/"))
    assert "去审核" not in page_of(town.sign_in("finance_payment").get("/"))
    for person in payments.CHAIN:
        payments.take(world, draft, Move.PASS, person)
    assert "登记支付" in page_of(town.sign_in("finance_payment").get("/"))


def test_a_gate_passes_returns_and_the_treasury_pays_over_http(world, client, project, document):
    draft = payments.request(world, project, {document: 20})
    clerk = client.sign_in("town_reviewer")
    assert clerk.post(f"/payments/{draft.id}/submit", {}).status_code == 303
    keeper = client.sign_in("finance_agri")
    refused = keeper.post(f"/payments/{draft.id}/return", {"words": ""})
    assert (refused.status_code, "要写明理由" in page_of(refused)) == (422, True)
    assert client.sign_in("auditor").post(f"/payments/{draft.id}/pass", {}).status_code == 403
    for person in payments.CHAIN:
        answer = client.sign_in(person).post(f"/payments/{draft.id}/pass", {"words": "同意"})
        assert answer.status_code == 303
    payer = client.sign_in("finance_payment")
    assert "最迟 2023-03-25 支付" in page_of(payer.get(f"/payments/{draft.id}"))
    paid = {"paid_on": "2023-03-20", "voucher_number": "V1"}
    assert payer.post(f"/payments/{draft.id}/paid", paid).status_code == 303
    back = {"paid_on": "2023-03-20", "reason": "退票"}
    assert payer.post(f"/payments/{draft.id}/reverse", back).status_code == 422
    other = client.sign_in("finance_payment2")
    assert other.post(f"/payments/{draft.id}/reverse", back).status_code == 303
    assert sum(posting.amount for posting in db.session.query(Posting)) == 0
    assert "已于 2023-03-20 由" in page_of(other.get(f"/payments/{draft.id}"))


def test_the_other_township_sees_nothing(world, client, project, document):
    draft = payments.request(world, project, {document: 20})
    stranger = client.sign_in("town_reviewer2")
    assert stranger.get(f"/payments/{draft.id}").status_code == 404
    assert "东村道路" not in page_of(stranger.get(f"/payments/?project={project.id}"))
    assert stranger.get(f"/payments/new?project={project.id}").status_code == 404


def test_the_administrator_assigns_the_gates(world, client):
    admin = client.sign_in("sysadmin")
    keeper = world.user("finance_agri").id
    answer = admin.post("/payments/gates/poverty_office", {"people": [keeper]})
    assert answer.status_code == 303
    assert only(GateKeeper).user_id == keeper
    wrong = {"people": [world.user("auditor").id]}
    assert admin.post("/payments/gates/poverty_office", wrong).status_code == 422
    assert admin.post("/payments/gates/nothing", {}).status_code == 404
    admin.post("/payments/gates/town_finance", {"people": [keeper]})
    assert "现在的人员不够：乡财股 没有人可用" in page_of(admin.get("/payments/gates/"))


def test_a_list_with_a_fault_is_not_stored(client, project, document):
    payer = client.sign_in("finance_payment")
    lines = csv(
        "2023-03-21,V1,甲公司,100,,,",
        "2023-03-20,V2,甲公司,12.345,,,",
        "2023-03-20,V2,,5,,,",
    )
    page = page_of(payer.post("/payments/treasury/upload", lines))
    for words in ("第 2 行 A 列 支付日期", "元最多写 2 位小数", "与第 3 行重复", "必填"):
        assert words in page
    assert db.session.query(TreasuryList).count() == 0


def test_a_list_is_matched_and_booked_at_once(world, client, project, document):
    asked = payments.request(world, project, {document: 20})
    payments.approve(world, asked)
    payer = client.sign_in("finance_payment")
    lines = (
        "2023-03-20,V1,甲公司,200000,工程款,,东村道路",
        "2023-03-20,V2,农户,50000,补助,,东村道路",
        "2023-03-20,V3,供电局,100,电费,,",
    )
    answer = payer.post("/payments/treasury/upload", csv(*lines))
    uploaded = only(TreasuryList)
    assert answer.location == f"/payments/treasury/{uploaded.id}"
    page = payer.get(answer.location).get_data(as_text=True)
    assert f'value="payment-{asked.id}" selected' in page
    book = f"/payments/treasury/{uploaded.id}/book"
    assert "还有 3 行没有核对" in page_of(payer.post(book, {}))

    first, second, third = (line.id for line in uploaded.lines)
    placement = asked.parts[0].placement_id
    choices = {f"line-{first}": f"payment-{asked.id}", f"line-{second}": f"placement-{placement}"}
    match = f"/payments/treasury/{uploaded.id}/match"
    assert payer.post(match, {**choices, f"line-{third}": "none"}).status_code == 422
    passed = {f"line-{third}": "none", f"words-{third}": "不是衔接资金"}
    assert payer.post(match, {**choices, **passed}).status_code == 303
    assert payer.post(book, {}).status_code == 303

    assert sorted(p.amount for p in db.session.query(Posting)) == [wan(5), wan(20)]
    unseen = db.session.query(Payment).filter_by(origin=PaymentOrigin.TREASURY).one()
    assert (unseen.payee, unseen.paid_on, unseen.amount) == ("农户", TODAY, wan(5))
    assert "未经系统审核" in page_of(payer.get(f"/payments/{unseen.id}"))
    assert "未经系统审核" in page_of(payer.get(match.removesuffix("/match")))
    assert db.session.get(Payment, asked.id).voucher_number == "V1"
    assert "已于 2023-03-20 入账" in page_of(payer.post(book, {}))
    assert payments.differences() == []
    again = payer.post("/payments/treasury/upload", csv(*lines))
    assert "已于 2023-03-20 上传过" in page_of(again)
    renamed = payer.post("/payments/treasury/upload", csv(lines[0] + " "))
    assert "已在2023-03-20 上传的“国库.csv”里" in page_of(renamed)


def test_a_line_that_was_recorded_by_hand_is_not_booked_again(world, client, project, document):
    asked = payments.request(world, project, {document: 20})
    payments.approve(world, asked)
    payments.pay(world, asked, "V1")
    payer = client.sign_in("finance_payment")
    payer.post("/payments/treasury/upload", csv("2023-03-20,V1,甲公司,200000,,,"))
    uploaded, line = only(TreasuryList), only(TreasuryLine)
    assert "已入账：东村道路" in page_of(payer.get(f"/payments/treasury/{uploaded.id}"))
    address = f"/payments/treasury/{uploaded.id}"
    payer.post(f"{address}/match", {f"line-{line.id}": f"payment-{asked.id}"})
    assert payer.post(f"{address}/book", {}).status_code == 303
    assert only(Posting).amount == wan(20)
