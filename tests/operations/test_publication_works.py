"""Payments and works of published projects: on their pages by themselves, and nothing private with them."""

import json
from datetime import date

import pytest

from portal.db import db, unit_of_work
from portal.funds.models import Placement
from portal.implementation.models import (
    Acceptance,
    Contract,
    Execution,
    ProgressReport,
    ProjectChange,
)
from portal.implementation.queries import phases
from portal.payments.models import Payment, PaymentPart
from portal.payments.posting import post
from portal.publication.operations import build_due_sites, write_site
from portal.publication.queries import published_data
from portal.rules.vocabulary import (
    AcceptanceLevel,
    ChangeKind,
    ChangeStatus,
    ContractKind,
    PaymentKind,
    PaymentOrigin,
    PaymentStatus,
    TenderMethod,
)
from public_site.source import EVERYTHING
from tests import ledger, publishing
from tests.ledger import TODAY, wan
from tests.world import World


@pytest.fixture
def world(either_app):
    return World()


def test_a_payment_reaches_project_document_and_totals(world):
    document, project, _item = publishing.published_result(world)
    publishing.site(world)
    pay(world, project, 35, "进度款的收款人李四")
    files = publishing.site(world)
    page = files[f"projects/{project.code}.html"].decode()
    assert "<b>支付进度款</b> <span>2023-03-18</span><p>35.00万元</p>" in page
    assert "占已安排35.00%" in page
    assert ">35.00</td>" in files[f"funds/{document.code}.html"].decode()
    assert "占已安排35.00%" in files["index.html"].decode()
    (row,) = json.loads(files["data/payments.json"])
    assert (row["fund_code"], row["kind"], row["amount_yuan"]) == (
        document.code,
        "进度款",
        "350000.00",
    )
    assert not [path for path, content in files.items() if "李四".encode() in content]


def test_what_is_paid_tomorrow_is_not_shown_today(world):
    _document, project, _item = publishing.published_result(world)
    pay(world, project, 35, paid_on=date(2023, 3, 21))
    (row,) = json.loads(publishing.site(world)["data/projects.json"])
    assert row["paid_yuan"] == "0.00"


def test_a_subsidy_has_no_works_and_is_done_when_its_money_is_paid(world):
    document, project = publishing.placed(world)
    with unit_of_work(world.actor("lead_office"), "test"):
        project.project_type = "small_loan_interest"
    publishing.publish(world, publishing.draft(world, document))

    def stands() -> tuple[str, bool]:
        found = publishing.projects(world)[project.code]
        return found.status, found.finished

    assert stands() == ("还没有支付", False)
    pay(world, project, 60)
    assert stands() == ("支付中", False)
    pay(world, project, 40)
    assert stands() == ("已付清", True)


def test_money_of_a_document_that_is_not_public_counts_without_its_name(world):
    _document, project, _item = publishing.published_result(world)
    second = ledger.add_document(world, "机密〔2023〕2号")
    with unit_of_work(world.actor("lead_office"), "test"):
        project.county_amount = wan(50)
    batch = ledger.add_batch(world, "第二批")
    ledger.allocate(world, batch, second, project, 50)
    ledger.approve(world, batch)
    pay(world, project, 20, document=second)
    files = publishing.site(world)
    (row,) = json.loads(files["data/payments.json"])
    assert (row["fund_code"], row["amount_yuan"]) == (None, "200000.00")
    assert not [path for path, content in files.items() if "机密".encode() in content]


def test_the_works_are_told_without_people_and_reasons(world):
    _document, project, _item = publishing.published_result(world)
    publishing.site(world)
    record_works(world, project)
    files = publishing.site(world)
    page = files[f"projects/{project.code}.html"].decode()
    for told in (
        "<b>签订合同</b> <span>2023-02-20</span><p>施工合同，合同价90.00万元，承接单位：某某建筑有限公司</p>",
        "<b>签订合同</b> <span>2023-02-21</span><p>服务合同（设计、监理等），合同价2.00万元</p>",
        "<b>开工</b> <span>2023-02-25</span>",
        "<b>完工</b> <span>未到</span>",
        "<b>暂缓实施</b> <span>2023-03-19</span><p>领导小组批准</p>",
        "工程完成40%",
    ):
        assert told in page
    (row,) = json.loads(files["data/projects.json"])
    assert row["status"] == "暂缓实施"
    private = ("王五", "资金没有到位", "张三意见", "作废的公司")
    assert not [p for p, content in files.items() for word in private if word.encode() in content]


def test_the_site_and_the_portal_see_the_same_phase(world):
    projects = [publishing.placed(world, f"财指〔2023〕{n}号")[1] for n in range(1, 5)]
    record_works(world, projects[0])
    add(world, Execution, projects[1], recorded_by_id=0, started_on=date(2023, 3, 1),
        finished_on=date(2023, 3, 21))  # fmt: skip
    accept(world, projects[2])
    sign(world, projects[3], settled_on=date(2023, 3, 2))
    accept(world, projects[3])
    item = publishing.announce(world)
    with unit_of_work(world.actor("finance_agri"), "test"):
        item.projects = projects
    publishing.publish(world, item)
    data = published_data(publishing.county_of(world))
    shown = {project.code: project.status for project in data.projects(EVERYTHING)}
    data.close()
    asked = phases([project.id for project in projects], TODAY)
    assert shown == {project.code: asked[project.id].label for project in projects}
    assert sorted(shown.values()) == ["实施中", "已结算", "已验收", "暂缓实施"]


def test_each_fact_of_a_project_is_a_reason_to_build(world, tmp_path):
    _document, project, _item = publishing.published_result(world)
    build_due_sites()
    for change in (
        lambda: pay(world, project, 10),
        lambda: sign(world, project),
        lambda: add(world, Execution, project, recorded_by_id=0, started_on=TODAY),
        lambda: accept(world, project),
        lambda: report(world, project, 30),
        lambda: suspend(world, project),
    ):
        change()
        assert build_due_sites() == "试验县：已生成"
        assert build_due_sites() == ""
    write_site(publishing.county_of(world), tmp_path / "full")
    full, small = tmp_path / "full", publishing.site(world)
    assert {path: (full / path).read_bytes() for path in small} == small


def test_an_adjustment_takes_money_back_and_moves_no_clock(world):
    document, project = ledger.add_document(world), ledger.add_project(world)
    batch = ledger.add_batch(world)
    ledger.allocate(world, batch, document, project, 100)
    ledger.approve(world, batch, date(2023, 2, 20))
    publishing.publish(world, publishing.draft(world, document))
    batch = ledger.add_batch(world, "调整")
    with unit_of_work(world.actor("finance_agri"), "test"):
        batch.reason = "项目结余"
        line = project_line(project)
        db.session.add(
            type(line)(
                county_id=line.county_id,
                batch=batch,
                document=document,
                project=project,
                amount=-wan(5),
                entered_by_id=line.entered_by_id,
                changes_id=line.id,
            )
        )
    ledger.approve(world, batch, date(2023, 3, 19))
    files = publishing.site(world)
    assert ">-5.00</td>" in files[f"projects/{project.code}.html"].decode()
    (row,) = json.loads(files["data/funds.json"])
    assert (row["allocated_on"], row["days"]) == ("2023-02-20", 19)


def project_line(project):
    placement = db.session.query(Placement).filter_by(project_id=project.id).one()
    return next(line for line in placement.document.allocations if line.project_id == project.id)


def pay(
    world, project, amount, payee="某某建筑有限公司", *, paid_on=date(2023, 3, 18), document=None
):
    placements = db.session.query(Placement).filter_by(project_id=project.id).order_by(Placement.id)
    placement = next(p for p in placements if document in (None, p.document))
    actor = world.actor("finance_payment")
    with unit_of_work(actor, "test"):
        payment = Payment(
            county_id=project.county_id,
            organization_id=project.organization_id,
            code=f"pay-{db.session.query(Payment).count() + 1}",
            project=project,
            kind=PaymentKind.PROGRESS,
            origin=PaymentOrigin.TREASURY,
            status=PaymentStatus.PAID,
            payee=payee,
            requested_by_id=0,
            requested_on=TODAY,
            paid_on=paid_on,
        )
        payment.parts.append(
            PaymentPart(county_id=project.county_id, placement=placement, amount=wan(amount))
        )
        db.session.add(payment)
        db.session.flush()
        post(payment, paid_on=paid_on, actor=actor, on=TODAY, reserved=False)


def add(world, model, project, **fields):
    with unit_of_work(world.actor("dept_reviewer"), "test"):
        db.session.add(model(county_id=project.county_id, project_id=project.id, **fields))


def sign(world, project, **fields):
    usual = {
        "kind": ContractKind.WORKS,
        "name": "东村道路施工",
        "contractor": "某某建筑有限公司",
        "method": TenderMethod.PUBLIC,
        "signed_on": date(2023, 2, 20),
        "amount": wan(90),
        "recorded_by_id": 0,
    }
    add(world, Contract, project, **usual | fields)


def accept(world, project):
    add(
        world,
        Acceptance,
        project,
        level=AcceptanceLevel.COUNTY,
        accepted_on=TODAY,
        passed=True,
        opinion="张三意见",
        actor_id=0,
        actor_name="张三",
    )


def report(world, project, percent):
    add(
        world,
        ProgressReport,
        project,
        percent=percent,
        reported_on=TODAY,
        reported_by_id=0,
        reported_by="王五",
    )


def suspend(world, project):
    add(
        world,
        ProjectChange,
        project,
        kind=ChangeKind.SUSPEND,
        status=ChangeStatus.APPROVED,
        reason="资金没有到位",
        proposed_by_id=1,
        proposed_by="王五",
        proposed_on=TODAY,
        decided_by_id=2,
        decided_by="王五",
        decided_on=date(2023, 3, 19),
    )


def record_works(world, project):
    sign(world, project)
    sign(world, project, kind=ContractKind.SERVICE, contractor="王五", amount=wan(2),
         signed_on=date(2023, 2, 21))  # fmt: skip
    sign(world, project, contractor="作废的公司有限公司", void=True)
    add(world, Execution, project, recorded_by_id=0, started_on=date(2023, 2, 25))
    report(world, project, 40)
    suspend(world, project)
