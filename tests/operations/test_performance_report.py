"""The self-evaluation report: read back from the file, cross-checked, written by people, and templates."""

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from docx.oxml.ns import qn

from portal.app import create_app
from portal.db import db, unit_of_work
from portal.demo import load as demo
from portal.documents.official import OfficialDocument
from portal.performance import report, report_writing
from portal.performance.assessment_cards import card
from portal.performance.models import Assessment
from portal.performance.report_facts import read_facts
from portal.performance.report_template import FILE_NAME, shipped_template
from portal.performance.report_words import BLOCKS_HELP, WORDS_HELP
from portal.rules.access import SYSTEM
from portal.rules.broken import RuleBroken
from portal.rules.crosscheck.findings import Kind
from portal.rules.scoring.scheme import Evidence
from portal.rules.scoring.scorecard import score
from portal.rules.vocabulary import AssessmentStatus
from tests import assessments, closings, ledger
from tests.world import World

DAY, DECEMBER = date(2023, 3, 20), date(2023, 12, 25)


@pytest.fixture(scope="module")
def acheng(tmp_path_factory):
    """The demo county with the whole of 2023 behind it."""
    instance = tmp_path_factory.mktemp("acheng")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_INSTANCE", str(instance))
        patch.setenv("PORTAL_INSECURE_HTTP", "1")
        patch.setenv("PORTAL_TODAY", "2023-12-31")
        app = create_app(TESTING=True)
    with app.app_context():
        db.create_all()
        demo.load("acheng-2023")
        found = db.session.scalars(sa.select(Assessment)).one()
        with unit_of_work(SYSTEM, "test"):
            found.counted_on = DECEMBER
        yield found
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def claimed(tmp_path):
    return assessments.published_card(tmp_path, claimed=True)


@pytest.fixture
def computed(tmp_path):
    return assessments.published_card(tmp_path, claimed=False)


@pytest.fixture
def paper(acheng, claimed):
    return docx.Document(BytesIO(report.report_bytes(acheng, claimed)))


def texts(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_report_has_the_chapters_of_the_published_ones(paper):
    headings = [p.text for p in paper.paragraphs if report.level_of(p.text) == 1]
    assert headings == [
        "一、项目基本情况",
        "二、绩效评价工作情况",
        "三、评价结论及分析",
        "四、得分情况",
        "五、主要经验及做法",
        "六、存在的问题",
        "七、下一步工作打算",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "阿城区2023年共收到财政衔接推进乡村振兴补助资金4950.68万元",
        "中央财政安排2399.00万元，占总资金额的48.46%",
        "区级财政安排81.68万元，占总资金额的1.65%",
        "产业类项目16个，金额3082.70万元，资金占比62.27%",
        "截至2023年12月25日，累计支出4709.77万元，剩余240.91万元，预算执行率为95.13%。",
        "2023年2月6日批复资金安排，落实到具体项目为53天。",
        "总体得分89.34分，适用分值88分，折合后得分为101.52分，绩效评级为“优”。",
        "“加减分”满分−30—3分，得分3分",
        "截至2023年7月15日，收到资金",
        "2022年共收到资金5115.68万元，截至2023年12月25日，累计支出5067.58万元",
        "按规则计算得3.79分，自评5分，理由：报告写“45日内”",
    ],
)
def test_the_report_says_the_figures_of_the_ledger(paper, sentence):
    assert sentence in texts(paper).replace(" ", "")


def test_the_table_of_the_money_has_merged_classes_and_totals(paper):
    table = paper.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[2:] for row in rows if "合计" in row[0] or "总额" in row[0]] == [
        ["3082.70", "62.27%"],
        ["1808.50", "36.53%"],
        ["59.48", "1.20%"],
        ["4950.68", "100%"],
    ]
    assert len(table.rows) == 1 + 39 + 4
    assert table.cell(1, 0)._tc is table.cell(16, 0)._tc
    assert table.cell(1, 3)._tc is table.cell(17, 3)._tc
    assert table.cell(17, 0)._tc is table.cell(17, 1)._tc


def test_the_score_table_has_groups_lines_and_the_total(paper):
    rows = [[cell.text for cell in row.cells] for row in paper.tables[1].rows]
    assert rows[0] == ["序号", "指标", "指标\n分值", "评价及考核内容和赋分规则", "佐证材料", "得分"]
    assert rows[1][1::4] == ["合计", "89.34"]
    by_no = {row[0]: row for row in rows}
    assert (by_no["（三）"][2], by_no["（三）"][5]) == ("67分", "53.34")
    assert (by_no["9"][5], by_no["13"][5], by_no["14"][2]) == ("8.34", "不适用", "最高加3分")


def test_no_page_break_parts_a_group_from_its_first_line(paper):
    kept = [
        row.cells[0].text
        for row in paper.tables[1].rows
        if all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
    ]
    assert kept == ["（一）", "（二）", "（三）", "（四）"]


def test_every_run_names_a_font_for_chinese(paper):
    body = paper.element.body
    runs = [run for run in body.iter(qn("w:r")) if "".join(run.itertext()).strip()]
    fonts = {run.rPr.rFonts.get(qn("w:eastAsia")) for run in runs}
    assert fonts == {"方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"}


def test_the_report_of_the_computed_points_passes_its_own_check(acheng, computed):
    outcome = report.findings_of(acheng, computed)
    assert (outcome.findings, outcome.remarks) == ((), ())


def test_the_claim_of_line_3_is_the_only_finding_until_it_is_explained(acheng, claimed):
    (finding,) = report.open_findings(acheng, claimed)
    assert (finding.kind, finding.claim) == (Kind.POINTS, "资金落实到项目时间 得分 5")
    with pytest.raises(RuleBroken, match=r"还有 1 处数字矛盾.*53 天 > 45 天"):
        report.final_bytes(acheng, claimed)


def test_the_demo_as_it_is_loaded_has_that_one_finding_too(acheng):
    findings = report.findings_of(acheng, card(acheng)).findings
    assert [one.claim for one in findings] == ["资金落实到项目时间 得分 5"]


def test_the_same_assessment_gives_the_same_bytes(acheng, claimed):
    assert report.report_bytes(acheng, claimed) == report.report_bytes(acheng, claimed)


def test_in_august_the_report_speaks_only_of_what_has_happened(acheng):
    earlier = Assessment(
        county_id=acheng.county_id, year=2023, counted_on=date(2023, 8, 1), begun_on=DAY
    )
    facts = read_facts(earlier)
    assert (list(facts.progress), len(facts.classes)) == (["july"], 3)


@pytest.fixture
def world(either_app) -> World:
    return World()


@pytest.fixture
def assessment(world):
    """A county with one document of 100 万元 on one project, 40 of them paid."""
    document = ledger.add_document(world, "农财〔2023〕1号", "100")
    project = ledger.add_project(world, budget="100")
    closings.place(world, document, project, "100")
    closings.pay(world, document, project, "40", DAY)
    return assessments.assess(world.ids["county"], DAY)


@pytest.fixture
def small(assessment, tmp_path):
    return assessments.published_card(tmp_path, claimed=False)


def write(world, assessment, card, key, text, *, person="lead_office", seen=0):
    content = report.content_of(assessment, card)
    section = next(one for one in content.sections if one.key == key)
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        report_writing.write_section(assessment, section, text, content, actor=actor, seen=seen)


def written_text(assessment, card) -> str:
    return texts(docx.Document(BytesIO(report.report_bytes(assessment, card))))


def test_what_people_write_is_kept_and_its_figures_follow_the_ledger(world, assessment, small):
    write(world, assessment, small, "experience", "（一）抓支付\n已支出{{已付}}万元。")
    assert "（一）抓支付\n已支出40.00万元。" in written_text(assessment, small)
    assert [(one.key, one.text) for one in assessment.sections] == [
        ("experience", "（一）抓支付\n已支出{{已付}}万元。")
    ]


def test_an_empty_paragraph_is_the_draft_again(world, assessment, small):
    write(world, assessment, small, "next", "抓紧。")
    write(world, assessment, small, "next", " ", seen=assessment.sections[0].version)
    assert (assessment.sections, "1.加快剩余60.00万元" in written_text(assessment, small)) == (
        [],
        True,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("支出{{已付款}}万元", "占位符“{{已付款}}”不认识"),
        ("支出{{已付万元", "没写完整的占位符"),
    ],
)
def test_an_unknown_placeholder_is_refused_by_name(world, assessment, small, text, words):
    with pytest.raises(RuleBroken, match=words):
        write(world, assessment, small, "next", text)


def test_the_slower_of_two_writers_is_told(world, assessment, small):
    write(world, assessment, small, "next", "甲写的。")
    with pytest.raises(RuleBroken, match="别人刚改过"):
        write(world, assessment, small, "next", "乙写的。", person="finance_perf")


@pytest.mark.parametrize("status", [AssessmentStatus.SIGNED, AssessmentStatus.SUBMITTED])
def test_a_signed_report_is_not_rewritten(world, assessment, small, status):
    with unit_of_work(SYSTEM, "test"):
        assessment.status = status
    with pytest.raises(RuleBroken, match="已经签署"):
        write(world, assessment, small, "next", "改。")


def test_who_may_not_write_the_assessment_may_not_write_its_report(world, assessment, small):
    with pytest.raises(RuleBroken, match="自评报告由"):
        write(world, assessment, small, "next", "改。", person="auditor")


def test_a_wrong_figure_is_found_and_is_explained_or_mended(world, assessment, small):
    write(world, assessment, small, "next", "共收到资金100万元，支出40万元，剩余50万元。")
    (finding,) = report.open_findings(assessment, small)
    assert (finding.kind, finding.recomputed) == (Kind.REST, "60万元")
    actor = world.actor("lead_office")
    with pytest.raises(RuleBroken, match="请写明"), unit_of_work(actor, "test"):
        report_writing.explain(assessment, finding, "  ", actor=actor)
    with unit_of_work(actor, "test"):
        report_writing.explain(assessment, finding, "按合同口径", actor=actor)
        report_writing.explain(assessment, finding, "按合同口径，另见附件", actor=actor)
    assert [answer.words for answer in assessment.answers] == ["按合同口径，另见附件"]
    assert report.open_findings(assessment, small) == []
    assert report.final_bytes(assessment, small) == report.report_bytes(assessment, small)


def test_an_explanation_ends_with_the_finding_it_speaks_of(world, assessment, small):
    actor = world.actor("lead_office")
    write(world, assessment, small, "next", "共收到资金100万元，支出40万元，剩余50万元。")
    with unit_of_work(actor, "test"):
        (finding,) = report.open_findings(assessment, small)
        report_writing.explain(assessment, finding, "按合同口径", actor=actor)
    seen = assessment.sections[0].version
    write(
        world,
        assessment,
        small,
        "next",
        "共收到资金100万元，支出40万元，剩余55万元。",
        seen=seen,
    )
    assert [one.claim for one in report.open_findings(assessment, small)] == ["剩余55万元"]


@pytest.fixture
def own_folder(either_app, tmp_path) -> Path:
    """A rule folder of the county."""
    folder = tmp_path / "rules"
    folder.mkdir()
    either_app.config["RULEBOOK"] = folder
    return folder


def own_template(*paragraphs: str) -> bytes:
    made = OfficialDocument("本县模板")
    for text in paragraphs:
        made.paragraph(text)
    return made.bytes()


def test_a_county_fills_its_own_template(assessment, small, own_folder):
    (own_folder / FILE_NAME).write_bytes(own_template("{{县}}已付{{已付}}万元。", "{{资金分配表}}"))
    assert written_text(assessment, small).startswith("试验县已付40.00万元。")


def test_an_unknown_placeholder_of_a_template_is_named_with_its_paragraph(
    assessment, small, own_folder
):
    (own_folder / FILE_NAME).write_bytes(own_template("县情", "支出{{已付款}}万元"))
    with pytest.raises(
        RuleBroken, match=r"第 2 段（支出\{\{已付款\}\}万元）：占位符“\{\{已付款\}\}”不认识"
    ):
        report.report_bytes(assessment, small)


def test_a_template_that_is_no_word_file_is_refused(assessment, small, own_folder):
    (own_folder / FILE_NAME).write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(RuleBroken, match=f"报告模板 {FILE_NAME} 不能用"):
        report.report_bytes(assessment, small)


def test_the_shipped_template_as_a_file_gives_the_shipped_report(assessment, small, own_folder):
    before = report.report_bytes(assessment, small)
    shutil.copyfileobj(BytesIO(shipped_template()), (own_folder / FILE_NAME).open("wb"))
    assert report.report_bytes(assessment, small) == before


def test_the_documentation_lists_every_placeholder_and_no_other(assessment, small):
    page = (Path(__file__).parents[2] / "docs" / "report-template.md").read_text(encoding="utf-8")
    listed = {
        line.split("`")[1].strip("{}") for line in page.splitlines() if line.startswith("| `{{")
    }
    content = report.content_of(assessment, small)
    assert listed == {*content.words, *content.blocks} == {*WORDS_HELP, *BLOCKS_HELP}


def test_a_county_without_money_has_a_report_too(world, tmp_path):
    assessment = assessments.assess(world.ids["county"], DAY)
    scheme = assessments.published_card(tmp_path, claimed=False).scheme
    nothing = score(scheme, Evidence({}, frozenset(), {}))
    text = written_text(assessment, nothing)
    assert ("共收到财政衔接推进乡村振兴补助资金0.00万元" in text, "还没有安排资金" in text) == (
        True,
        True,
    )
