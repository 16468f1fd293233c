"""The yearly assessment: gathered from the ledger, filled up by people, signed by two, fixed for good."""

import hashlib
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portal.db import unit_of_work
from portal.files.operations import keep, store
from portal.funds import opening
from portal.performance import assessment_cards as cards
from portal.performance import assessment_operations as operations
from portal.performance import assessment_signing as signing
from portal.performance.assessment_sheet import HEADER, sheet_bytes
from portal.performance.ledger_facts import ledger_facts
from portal.performance.models import Assessment
from portal.publication.drafting import Office
from portal.publication.results import draft_assessment
from portal.rules.broken import RuleBroken
from portal.rules.scoring.scheme import shipped_text
from portal.rules.vocabulary import AssessmentStatus, FactOrigin, FundingTier
from portal.rules.workflow import Move
from tests import ledger, performance, publishing, spending
from tests.duties import duty
from tests.works import act
from tests.world import World

YEAR_END = date(2023, 12, 25)
SCHEME = shipped_text("heilongjiang-county-2023")
ANSWERS = {
    "local_method": {"yes": True},
    "arranged_by_rule": {"yes": True},
    "execution_1_to_2_years": {"done": 0, "whole": 0},
    "weak_places_first": {"points": 5, "reason": "向任务重的村倾斜"},
    "supervision": {"points": 2, "reason": "每月督办"},
    "rectified": {"done": 0, "whole": 0},
    "hotline_handled": {"done": 0, "whole": 0},
    "innovation": {"points": 3, "reason": "缩短支付时间"},
    "budget_cut": {"yes": False},
    "falsified_data": {"yes": False},
    "violations": {"items": []},
}
CLAIMS = {"1": 400, "4": 800, "5": 400, "6": 400, "10": 800, "11": 2000, "12": 700}


@pytest.fixture
def world(either_app):
    return World()


def begun(world: World, **facts) -> Assessment:
    usual = {"scheme_text": SCHEME, "counted_on": YEAR_END, "on": YEAR_END}
    return act(world, "finance_perf", operations.begin, world.ids["county"], 2023, **usual | facts)


REASONS = {"6": "公示照片在纸质台账里，还没有登记"}


def filled(world: World) -> Assessment:
    """Ready to be signed: 100 万元 placed after 47 days, 60 of them paid by July and 95 by December."""
    project = spending.place(world, 100)
    spending.pay(world, project, 60, date(2023, 7, 1))
    spending.pay(world, project, 35, date(2023, 11, 1))
    assessment = begun(world)
    act(world, "finance_perf", operations.mark_not_applicable, assessment, ["13"])
    for name, values in ANSWERS.items():
        act(world, "finance_perf", operations.enter_fact, assessment, name, values)
    for no, points in CLAIMS.items():
        act(world, "finance_perf", operations.claim, assessment, no, points, REASONS.get(no, ""))
    return assessment


def line(assessment: Assessment, no: str):
    return next(one for one in cards.card(assessment).lines if one.no == no)


def sign(world: World, assessment: Assessment, move: Move, person: str, **more) -> None:
    act(world, person, signing.take_step, assessment, move, on=YEAR_END, **more)


def submitted(world: World) -> Assessment:
    assessment = filled(world)
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    sign(world, assessment, Move.SIGN_AS_AGRICULTURE, "lead_office")
    return assessment


def test_the_ledger_gives_days_pace_and_execution(world):
    assessment = filled(world)
    third, eighth, ninth = (line(assessment, no) for no in ("3", "8", "9"))
    assert (third.computed, "47 天 > 45 天" in third.working) == (Decimal("4.33"), True)
    assert eighth.computed == Decimal("8.80")  # 60.00 ≥ 53.70; 60.00 of 78.90: 3.80
    assert ninth.parts[0].computed == Decimal("3.33")  # 95 % within a year
    assert ninth.parts[1].working == "没有这一年限的资金：4"


def test_a_snapshot_of_the_checkpoint_stands_against_later_entries(world):
    from portal.pace.operations import take_snapshot

    project = spending.place(world, 100)
    spending.pay(world, project, 60, date(2023, 7, 1))
    act(
        world, "finance_agri", take_snapshot, world.ids["county"], 2023, date(2023, 7, 15),
        on=date(2023, 7, 16), checkpoint="july",
    )  # fmt: skip
    spending.pay(world, project, 20, date(2023, 7, 2))
    facts = ledger_facts(world.ids["county"], 2023, YEAR_END)
    assert (facts["progress_july"].paid, facts["progress_october"].paid) == (60, 80)


def test_what_is_not_there_yet_is_missing(world):
    spending.place(world, 100)
    facts = ledger_facts(world.ids["county"], 2023, date(2023, 7, 14))
    assert "progress_july" not in facts
    assert "county_budget" not in facts
    assert "performance_forms" not in facts


def test_the_county_budget_needs_both_years(world):
    for year in (2022, 2023):
        ledger.add_document(
            world, None, 80 + year - 2022, title="区级预算", tier=FundingTier.COUNTY, year=year,
            received_on=date(year, 1, 5),
        )  # fmt: skip
    fact = ledger_facts(world.ids["county"], 2023, YEAR_END)["county_budget"]
    assert (fact.now, fact.before) == (81, 80)


def test_the_industry_share_is_held_against_the_year_before(world):
    spending.place(world, 100)
    act(
        world, "finance_agri", opening.record_opening_figure, 2022,
        industry_amount=ledger.wan(50), total_amount=ledger.wan(100),
    )  # fmt: skip
    fact = ledger_facts(world.ids["county"], 2023, YEAR_END)["industry_share"]
    assert (fact.now, fact.before) == (0, 50)


def test_approved_forms_count_for_the_projects_with_money(world):
    project = performance.with_targets(world)
    spending.place(world, 50, "西村水渠")
    performance.declared(world, project, date(2023, 4, 1))
    fact = ledger_facts(world.ids["county"], 2023, YEAR_END)["performance_forms"]
    shares = [(item.name, item.share.done, item.share.whole) for item in fact.items]
    assert shares == [
        ("绩效目标申报表", 1, 2),
        ("绩效运行监控表", 0, 2),
        ("项目支出绩效自评表", 0, 2),
    ]


def test_a_year_is_begun_once_and_on_a_day_of_the_year(world):
    begun(world)
    with pytest.raises(RuleBroken, match="2023 年度的绩效自评已经建立"):
        begun(world)
    with pytest.raises(RuleBroken, match="还没有到"):
        begun(world, on=date(2023, 12, 1))
    with pytest.raises(RuleBroken, match="最晚取到 2023-12-31"):
        begun(world, counted_on=date(2024, 1, 3), on=date(2024, 1, 3))


def test_a_wrong_scheme_is_refused_with_row_and_reason(world):
    with pytest.raises(RuleBroken, match=r"own\.toml，第 1 个 indicator：formula 应是"):
        begun(
            world,
            scheme_text=SCHEME.replace('formula = "decrease"\n', 'formula = "up"\n'),
            scheme_name="own.toml",
        )


def test_what_people_enter_counts_only_where_the_ledger_knows_nothing(world):
    assessment = begun(world)
    july = {"paid": 50, "total": 100, "day": date(2023, 7, 15)}
    act(world, "finance_perf", operations.enter_fact, assessment, "progress_july", july)
    assert cards.gather(assessment).origin("progress_july") is FactOrigin.ENTERED
    project = spending.place(world, 100)
    spending.pay(world, project, 60, date(2023, 7, 1))
    gathered = cards.gather(assessment)
    assert gathered.origin("progress_july") is FactOrigin.LEDGER
    assert gathered.evidence.facts["progress_july"].paid == 60
    with pytest.raises(RuleBroken, match="由账上数据计算，不能手工填写"):
        act(world, "finance_perf", operations.enter_fact, assessment, "progress_july", july)


@pytest.mark.parametrize(
    ("name", "values"), [("budget_cut", {"points": 1}), ("rectified", {"done": 3, "whole": 2})]
)
def test_facts_of_another_shape_are_refused(world, name, values):
    assessment = begun(world)
    with pytest.raises(RuleBroken, match="数据填写不完整"):
        act(world, "finance_perf", operations.enter_fact, assessment, name, values)


def test_a_claim_that_differs_needs_a_reason(world):
    assessment = filled(world)
    with pytest.raises(
        RuleBroken, match=r"按规则计算是 4.33 分，申报 5.00 分。两者不同，请写明理由"
    ):
        act(world, "finance_perf", operations.claim, assessment, "3", 500)
    act(world, "finance_perf", operations.claim, assessment, "3", 500, "按收文登记日计算")
    assert (line(assessment, "3").points, line(assessment, "3").reason) == (
        Decimal("5.00"),
        "按收文登记日计算",
    )
    act(world, "finance_perf", operations.claim, assessment, "3", None)
    assert line(assessment, "3").points == Decimal("4.33")


@pytest.mark.parametrize(
    ("no", "points", "words"),
    [
        ("3", 501, "满分 5 分"),
        ("15", 100, "最多扣 5 分"),
        ("15", -501, "最多扣 5 分"),
        ("13", 0, "不适用"),
        ("99", 0, "没有第 99 行"),
    ],
)
def test_claims_stay_within_the_points_of_the_line(world, no, points, words):
    assessment = filled(world)
    with pytest.raises(RuleBroken, match=words):
        act(world, "finance_perf", operations.claim, assessment, no, points, "理由")


def test_a_line_without_points_keeps_the_assessment_unsigned(world):
    assessment = filled(world)
    act(world, "finance_perf", operations.claim, assessment, "4", None)
    with pytest.raises(RuleBroken, match="第 4 行还没有得分"):
        sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")


def test_a_claim_that_the_ledger_left_behind_needs_its_reason_before_signing(world):
    assessment = filled(world)
    act(world, "finance_perf", operations.claim, assessment, "8", 880)
    project = spending.place(world, 100, "西村水渠")
    spending.pay(world, project, 100, date(2023, 7, 1))
    with pytest.raises(RuleBroken, match="第 8 行的申报得分与计算得分不同"):
        sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")


def test_nothing_is_edited_after_a_signature_until_it_is_taken_back(world):
    assessment = filled(world)
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    name = assessment.finance_signed_by
    with pytest.raises(
        RuleBroken, match=f"{name} 已于 2023-12-25 代表财政部门签署。要改，请签署人先撤回"
    ):
        act(world, "finance_perf", operations.claim, assessment, "4", 700)
    with pytest.raises(RuleBroken, match="只有签署人本人"):
        sign(world, assessment, Move.TAKE_BACK, "finance_agri2", words="改数")
    with pytest.raises(RuleBroken, match="要写明理由"):
        sign(world, assessment, Move.TAKE_BACK, "finance_agri")
    sign(world, assessment, Move.TAKE_BACK, "finance_agri", words="第 4 行要改")
    assert (assessment.status, assessment.content, assessment.finance_signed_by) == (
        AssessmentStatus.OPEN,
        "",
        "",
    )
    act(world, "finance_perf", operations.claim, assessment, "4", 700)


def test_the_two_signatures_are_of_two_departments(world):
    assessment = filled(world)
    with pytest.raises(RuleBroken, match="“财政部门签署”要由"):
        sign(world, assessment, Move.SIGN_AS_FINANCE, "lead_office")
    sign(world, assessment, Move.SIGN_AS_AGRICULTURE, "lead_office")
    with pytest.raises(RuleBroken, match="不能“农业农村部门签署”"):
        sign(world, assessment, Move.SIGN_AS_AGRICULTURE, "lead_office")
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    assert assessment.status is AssessmentStatus.SUBMITTED


def test_both_sign_the_same_figures(world):
    assessment = filled(world)
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    project = spending.place(world, 100, "西村水渠")
    spending.pay(world, project, 100, date(2023, 7, 1))
    with pytest.raises(RuleBroken, match=r"账上的数变了：.*第 8 行 8.80 → 10.00"):
        sign(world, assessment, Move.SIGN_AS_AGRICULTURE, "lead_office")
    assert line(assessment, "8").computed == Decimal("8.80")


def test_the_second_of_two_tabs_is_told(world):
    assessment = filled(world)
    seen = assessment.version
    act(world, "finance_perf", operations.claim, assessment, "4", 700)
    with pytest.raises(RuleBroken, match="别人已改过这份自评"):
        sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri", seen=seen)


def test_the_submitted_version_keeps_everything_and_gives_the_same_bytes_for_ever(world):
    assessment = submitted(world)
    content, kept = assessment.content, store().open_verified(assessment.sheet.sha256)
    assert hashlib.sha256(content.encode()).hexdigest() == assessment.sha256
    project = spending.place(world, 100, "西村水渠")
    spending.pay(world, project, 100, date(2023, 7, 1))
    assert (assessment.content, line(assessment, "8").computed) == (content, Decimal("8.80"))
    assert store().open_verified(assessment.sheet.sha256) == kept
    assert sheet_bytes(assessment, cards.card(assessment)) == kept
    with pytest.raises(RuleBroken, match="已经上报并固定"):
        act(world, "finance_perf", operations.claim, assessment, "4", 700)


def test_the_content_holds_scheme_facts_claims_evidence_and_signatures(world):
    assessment = filled(world)

    def prove() -> None:
        actor = world.actor("finance_perf")
        file = keep(b"%PDF", name="台账.pdf", mime="application/pdf", actor=actor)
        operations.add_evidence(assessment, "4", "项目库台账", file, actor=actor)

    with unit_of_work(world.actor("finance_perf"), "test"):
        prove()
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    sign(world, assessment, Move.SIGN_AS_AGRICULTURE, "lead_office")
    content = json.loads(assessment.content)
    assert content["scheme"] == SCHEME
    assert content["facts"]["execution_within_1_year"] == {
        "origin": "ledger",
        "value": {"done": "95", "whole": "100"},
    }
    assert content["claims"]["4"] == {"points": "8", "reason": ""}
    assert content["evidence"] == [
        {
            "no": "4",
            "title": "项目库台账",
            "name": "台账.pdf",
            "sha256": hashlib.sha256(b"%PDF").hexdigest(),
        }
    ]
    assert content["signatures"]["agriculture"] == [
        assessment.agriculture_signed_by,
        "2023-12-25",
    ]
    assert content["lines"][12]["working"] == "不适用，不计分"


def test_removed_evidence_is_not_part_of_what_is_signed(world):
    assessment = filled(world)
    actor = world.actor("finance_perf")
    with unit_of_work(actor, "test"):
        file = keep(b"%PDF", name="台账.pdf", mime="application/pdf", actor=actor)
        evidence = operations.add_evidence(assessment, "4", "", file, actor=actor)
        operations.remove_evidence(assessment, evidence, actor=actor, on=YEAR_END)
    assert (evidence.title, evidence.removed_on) == ("台账.pdf", YEAR_END)
    sign(world, assessment, Move.SIGN_AS_FINANCE, "finance_agri")
    assert json.loads(assessment.content)["evidence"] == []


def test_the_score_sheet_has_the_official_columns_groups_and_sums(world):
    assessment = submitted(world)
    content = store().open_verified(assessment.sheet.sha256)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    card = cards.card(assessment)
    assert rows[2] == HEADER
    assert [row[1] for row in rows if row[0] in {"一", "二", "三", "四"}] == [
        "资金保障",
        "项目管理",
        "使用成效",
        "加减分",
    ]
    assert next(row[5] for row in rows if row[0] == "13") == "不适用"
    assert rows[-2][0::5] == ("合计", float(card.total))
    assert rows[-1][0::5] == ("折合后得分", float(card.normalized))


def test_other_days_are_counted_while_it_is_open(world):
    assessment = filled(world)
    act(world, "finance_perf", operations.count_on, assessment, date(2023, 9, 1), on=YEAR_END)
    assert line(assessment, "9").parts[0].working.startswith("60÷100")


def test_only_those_who_write_assessments_begin_one(world):
    with pytest.raises(RuleBroken, match="编制"):
        act(
            world, "auditor", operations.begin, world.ids["county"], 2023, scheme_text=SCHEME,
            counted_on=YEAR_END, on=YEAR_END,
        )  # fmt: skip


def test_the_signed_assessment_is_told_and_meets_its_duty(world):
    lead = world.actor("lead_office")

    def draft():
        with unit_of_work(lead, "test"):
            return draft_assessment(2023, Office(world.ids["county"], lead, YEAR_END))

    with pytest.raises(RuleBroken, match="2023 年的年度绩效自评还没有签字上报"):
        draft()
    submitted(world)
    assert duty("assessed_county").met_on is None
    item = draft()
    assert "资金落实到项目时间：5.00 分，得 " in item.body
    publishing.publish(world, item, YEAR_END)
    assert duty("assessed_county").met_on == YEAR_END
