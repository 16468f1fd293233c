"""The two demo counties: replayed by the real operations, they say to the fen what their sources say."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.closing.models import CarryOver, YearClosing
from portal.db import db
from portal.demo import load as demo
from portal.demo.county import NAMES, organization, read
from portal.funds.models import Placement
from portal.funds.queries import opening_paid, opening_total
from portal.health import problems
from portal.implementation.models import Acceptance, Contract, ProjectChange
from portal.library.models import Project, PublicNotice
from portal.pace.queries import year_figures
from portal.payments.models import Payment, PaymentCheck, Posting
from portal.performance.models import FormStep, IndicatorLine, PerformanceForm
from portal.publication.queries import published_data
from portal.rules.money import percent
from portal.rules.vocabulary import (
    ChangeKind,
    FormKind,
    FormStatus,
    Likelihood,
    NoticeStage,
    PaymentKind,
    PaymentStatus,
)
from portal.rules.workflow import Move
from portal.supervision.warnings import warnings_of
from public_site.source import EVERYTHING
from tests.ledger import wan

DECEMBER = date(2023, 12, 31)


@contextmanager
def loaded(name: str, day: date | None, instance: Path) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_INSTANCE", str(instance))
        patch.setenv("PORTAL_INSECURE_HTTP", "1")
        patch.setenv("PORTAL_TODAY", day.isoformat() if day else "")
        app = create_app(TESTING=True)
    with app.app_context():
        db.create_all()
        demo.load(name)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def acheng(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with loaded("acheng-2023", DECEMBER, tmp_path_factory.mktemp("acheng")) as app:
        yield app


@pytest.fixture(scope="module")
def jingyu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with loaded("jingyu-2023", None, tmp_path_factory.mktemp("jingyu")) as app:
        yield app


def county_id(code: str) -> int:
    return organization(code).id


@pytest.mark.usefixtures("acheng")
@pytest.mark.parametrize(
    ("day", "paid", "rate", "rest"),
    [
        (date(2023, 7, 15), "2713.55", "54.81", "2237.13"),
        (date(2023, 10, 15), "4077.81", "82.37", "872.87"),
        (date(2023, 12, 25), "4709.77", "95.13", "240.91"),
    ],
)
def test_acheng_is_at_each_checkpoint_where_its_report_says(
    day: date, paid: str, rate: str, rest: str
) -> None:
    figures = year_figures(county_id("acheng"), 2023, day)
    assert (figures.received, figures.paid, figures.unpaid) == (
        wan("4950.68"),
        wan(paid),
        wan(rest),
    )
    assert figures.rate == Decimal(rate)


@pytest.mark.usefixtures("acheng")
def test_the_year_before_is_counted_as_the_report_counts_it() -> None:
    county = county_id("acheng")
    total, paid = (
        opening_total(county, 2022),
        opening_paid(county, 2022, date(2023, 12, 25)),
    )
    assert (total, paid) == (wan("5115.68"), wan("5067.58"))
    assert percent(paid, total) == Decimal("99.06")
    assert total - paid == wan("48.10")


@pytest.mark.usefixtures("acheng")
def test_no_payment_comes_before_its_money_or_goes_above_it() -> None:
    for placement in db.session.scalars(sa.select(Placement)):
        assert placement.paid_amount <= placement.allocated_amount
        first = min(line.batch.approved_on for line in placement.document.allocations
                    if line.project_id == placement.project_id)  # fmt: skip
        paid_on = db.session.scalar(
            sa.select(sa.func.min(Posting.paid_on)).where(
                Posting.document_id == placement.document_id,
                Posting.project_id == placement.project_id,
            )
        )
        assert paid_on is None or paid_on > first


@pytest.mark.usefixtures("acheng")
def test_every_payment_went_through_six_gates_of_six_people() -> None:
    paid = db.session.scalars(sa.select(Payment).filter_by(status=PaymentStatus.PAID)).all()
    assert len(paid) > 90
    for payment in paid:
        passed = [check for check in payment.checks if check.move is Move.PASS]
        assert len({check.gate for check in passed}) == 6
        assert len({check.actor_id for check in passed} | {payment.requested_by_id}) == 7
        assert payment.approved_on <= payment.paid_on <= DECEMBER


@pytest.mark.usefixtures("acheng")
def test_every_settlement_waited_for_its_notice() -> None:
    statement = sa.select(Payment).filter_by(kind=PaymentKind.SETTLEMENT, status=PaymentStatus.PAID)
    for payment in db.session.scalars(statement):
        notice = db.session.scalars(
            sa.select(PublicNotice).filter_by(
                project_id=payment.project_id, stage=NoticeStage.COMPLETION
            )
        ).one()
        assert (notice.to_on - notice.from_on).days >= 10
        assert notice.to_on < payment.requested_on


@pytest.mark.usefixtures("acheng")
def test_one_payment_waits_at_a_gate_and_one_went_back() -> None:
    waiting = db.session.scalars(sa.select(Payment).filter_by(status=PaymentStatus.CHECKING)).one()
    draft = db.session.scalars(sa.select(Payment).filter_by(status=PaymentStatus.DRAFT)).one()
    assert waiting.gate == "payment_center"
    assert draft.checks[-1].move is Move.RETURN


@pytest.mark.usefixtures("acheng")
def test_nothing_happened_after_the_standing_day() -> None:
    for column in (
        *(Posting.paid_on, PaymentCheck.on, Contract.signed_on, Contract.settled_on),
        *(Acceptance.accepted_on, FormStep.on),
    ):
        assert db.session.scalar(sa.select(sa.func.max(column))) <= DECEMBER


@pytest.mark.usefixtures("acheng")
def test_the_forms_of_acheng_show_every_state() -> None:
    forms = db.session.scalars(sa.select(PerformanceForm)).all()
    assert Counter((form.kind, form.month, form.status) for form in forms) == {
        (FormKind.DECLARATION, None, FormStatus.APPROVED): 9,
        (FormKind.MONITORING, 7, FormStatus.APPROVED): 9,
        (FormKind.MONITORING, 9, FormStatus.APPROVED): 8,
        (FormKind.SELF_EVALUATION, None, FormStatus.APPROVED): 5,
        (FormKind.SELF_EVALUATION, None, FormStatus.SUBMITTED): 1,
        (FormKind.SELF_EVALUATION, None, FormStatus.DRAFT): 1,
    }
    returned = next(form for form in forms if form.status is FormStatus.DRAFT)
    assert (returned.steps[-1].move, bool(returned.steps[-1].words)) == (Move.RETURN, True)
    behind = db.session.scalars(sa.select(IndicatorLine).filter_by(likelihood=Likelihood.POSSIBLE))
    assert all(line.cause and "示范" in line.explanation for line in behind.all())


@pytest.mark.usefixtures("acheng")
def test_the_monitorings_of_acheng_name_what_was_paid_by_then() -> None:
    form = db.session.scalars(
        sa.select(PerformanceForm)
        .join(PerformanceForm.project)
        .where(Project.code == "acheng-2023-27", PerformanceForm.month == 7)
    ).one()
    assert (form.budget_amount, form.executed_amount) == (wan("60"), wan("18"))


@pytest.mark.usefixtures("jingyu")
def test_jingyu_has_five_projects_and_their_money() -> None:
    projects = db.session.scalars(sa.select(Project).where(Project.year == 2023)).all()
    assert sorted(project.budget for project in projects) == sorted(
        wan(amount) for amount in ("1400", "286", "150", "81.48", "145")
    )
    figures = year_figures(county_id("jingyu"), 2023, date(2024, 9, 19))
    assert (figures.received, figures.paid, figures.unpaid) == (
        wan("2062.48"),
        wan("1662.48"),
        wan("400"),
    )
    assert round(figures.rate, 1) == Decimal("80.6")


@pytest.mark.usefixtures("jingyu")
def test_the_cattle_project_stands_still_without_a_contract() -> None:
    change = db.session.scalars(sa.select(ProjectChange)).one()
    assert (change.kind, change.project.code) == (ChangeKind.SUSPEND, "jingyu-2023-01")
    assert db.session.query(Contract).filter_by(project_id=change.project_id).count() == 0
    placements = db.session.query(Placement).filter_by(project_id=change.project_id)
    assert sum(one.paid_amount for one in placements) == wan("1000")


@pytest.mark.usefixtures("jingyu")
def test_its_alarm_arises_by_itself() -> None:
    found = [
        warning
        for warning in warnings_of(county_id("jingyu"), date(2024, 9, 19))
        if warning.project.code == "jingyu-2023-01"
    ]
    assert [warning.rule.code for warning in found][:2] == ["paid_on_hold", "paid_without_contract"]
    assert "已付 1000.00 万元（安排 1400.00 万元的 71.43%）" in found[0].words
    assert "2023-12-26 暂缓实施" in found[0].words


@pytest.mark.usefixtures("jingyu")
def test_four_hundred_are_carried_over() -> None:
    closing = db.session.scalars(sa.select(YearClosing)).one()
    left = [line for line in closing.lines if line.rest_amount]
    assert [(line.project.code, line.rest_amount) for line in left if line.project] == [
        ("jingyu-2023-01", wan("400"))
    ]
    assert sum(row.rest_amount for row in db.session.scalars(sa.select(CarryOver))) == wan("400")


@pytest.mark.parametrize("county", ["acheng", "jingyu"])
def test_the_books_of_the_demo_are_in_order(request: pytest.FixtureRequest, county: str) -> None:
    app: Flask = request.getfixturevalue(county)
    with app.app_context():
        assert list(problems()) == []
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) > 400


def test_each_demo_is_a_folder_with_a_readme() -> None:
    assert NAMES == ("acheng-2023", "jingyu-2023")
    for name in NAMES:
        assert read(name).label
        assert (Path(demo.__file__).parent / name / "README.md").is_file()


def test_a_demo_that_does_not_exist_is_refused(app: Flask) -> None:
    with pytest.raises(demo.DemoRefused, match="acheng-2023, jingyu-2023"):
        demo.load("nowhere-2023")
    with pytest.raises(demo.DemoRefused, match="holds data already"):
        demo.load("jingyu-2023")
    assert app.config["DEMO"] is None


def test_acheng_shows_its_projects_its_rules_and_drawn_photos(acheng: Flask) -> None:
    """The county's own context: the other demo of this file may be the current one."""
    with acheng.app_context():
        data = published_data(organization("acheng"))
        projects, notices = list(data.projects(EVERYTHING)), list(data.notices(EVERYTHING))
        assert (len(projects), len(list(data.funds()))) == (39, 7)
        assert [one.title for one in notices if one.category == "政策制度"] == [
            "哈尔滨市阿城区财政衔接推进乡村振兴补助资金管理办法（示范）",
            "阿城区扶贫资金监督检查制度（示范）",
        ]
        shown = {one.code: one.photos for one in projects if one.photos}
        assert len(shown) == 3
        for photos in shown.values():
            assert (photos[0].percent, photos[-1].percent) == (0, 100)
            assert all("示范" in photo.text for photo in photos)
            assert len(data.blob(photos[0].name)) < 60_000
        data.close()


def test_acheng_tells_its_targets_and_results(acheng: Flask) -> None:
    with acheng.app_context():
        data = published_data(organization("acheng"))
        notices = Counter(one.category for one in data.notices(EVERYTHING))
        assert {name: notices[name] for name in ("资金来源和规模", "绩效目标", "绩效评价结果")} == {
            "资金来源和规模": 1,
            "绩效目标": 2,
            "绩效评价结果": 1,
        }
        projects = list(data.projects(EVERYTHING))
        results = {one.code[-2:]: one.evaluation for one in projects if one.evaluation}
        assert {number: one.grade for number, one in results.items()} == {
            "01": "优", "09": "良", "18": "优", "24": "优", "37": "优"
        }  # fmt: skip
        declared = [one for one in projects if len(one.targets) > 4]
        assert len(declared) == 9
        assert all("示范" in one.note for one in declared)
        data.close()
