"""The cross-check against three published reports, and the same with planted contradictions."""

from pathlib import Path

import pytest

from portal.rules.crosscheck.check import crosscheck
from portal.rules.crosscheck.findings import Kind
from portal.rules.crosscheck.text import read_text

REPORTS = Path(__file__).parents[1] / "corpus" / "reports"
PUBLISHED = {
    "acheng-2023": [
        (Kind.SHARE, "占总资金额的1.64%", "1.65%", "81.68÷4950.68×100 = 1.65，写的是 1.64"),
        (Kind.DAYS, "45日内", "53 天", "2022-12-15 到 2023-02-06 = 53 天 > 45 天"),
        (Kind.POINTS, "使用成效 53.34", "56.34", "10＋8.34＋8＋20＋7＋3 = 56.34，写的是 53.34"),
        (
            Kind.POINTS,
            "资金落实到项目时间 得分 5",
            "2.33（取最差），4.13（平均），3.79（按金额加权）",
            "53 天 > 45 天：5×（60−53）÷15 = 2.33，写的是 5",
        ),
        (Kind.COUNT, "产业发展15个", "16个", "表 1“产业类项目 16 行”是 16个，这里写的是 15个"),
    ],
    "jingyu-2023": [],
    "xiangyuan-2024": [
        (Kind.SHARE, "支出率达到100%", "99.98%", "3122.15523÷3122.874×100 = 99.98，写的是 100"),
        (Kind.SHARE, "占比90.5%", "85.01%", "563.504288÷662.874×100 = 85.01，写的是 90.5"),
    ],
}
PLANTED = [
    ("acheng-2023", "占总资金额的48.46%", "占总资金额的48.64%", Kind.SHARE),
    ("acheng-2023", "占总资金额的42.10%", "占总资金额的42.01%", Kind.SHARE),
    ("acheng-2023", "占总资金额7.80%", "占总资金额8.70%", Kind.SHARE),
    ("acheng-2023", "2281万元），占", "2218万元），占", Kind.SUM),
    ("acheng-2023", "补助资金2084万元，占", "补助资金2048万元，占", Kind.SUM),
    ("acheng-2023", "产业类项目16个，金额", "产业类项目14个，金额", Kind.COUNT),
    ("acheng-2023", "3082.70万元，资金占比62.27%", "3082.70万元，资金占比67.22%", Kind.SHARE),
    ("acheng-2023", "\t650.00\n", "\t605.00\n", Kind.SUM),
    ("acheng-2023", "\t1808.50\n", "\t1880.50\n", Kind.SUM),
    ("acheng-2023", "资金总额\n\t4950.68", "资金总额\n\t4905.68", Kind.SUM),
    ("acheng-2023", "\t406.00\n\t62.27%", "\t406.00\n\t62.72%", Kind.SHARE),
    ("acheng-2023", "剩余240.91万元", "剩余204.91万元", Kind.REST),
    ("acheng-2023", "预算执行率为95.13%。\n", "预算执行率为95.31%。\n", Kind.SHARE),
    ("acheng-2023", "剩余48.10万元", "剩余46.10万元", Kind.REST),
    ("acheng-2023", "预算执行率99.06%", "预算执行率99.60%", Kind.SHARE),
    ("acheng-2023", "支出进度为54.81%", "支出进度为58.41%", Kind.SHARE),
    ("acheng-2023", "支出进度为82.37%", "支出进度为83.27%", Kind.SHARE),
    ("acheng-2023", "落实到具体项目为50天", "落实到具体项目为40天", Kind.DAYS),
    ("acheng-2023", "时间在27日内", "时间在25日内", Kind.DAYS),
    ("acheng-2023", "的59.64%", "的59.46%", Kind.SHARE),
    ("acheng-2023", "4950.68万元的62.27%", "4950.68万元的62.72%", Kind.SHARE),
    ("acheng-2023", "总投入资金103.05万元", "总投入资金105.03万元", Kind.SUM),
    ("acheng-2023", "补助资金386万元、", "补助资金368万元、", Kind.SUM),
    ("acheng-2023", "总额度5115.68万元", "总额度5151.68万元", Kind.SHARE),
    ("xiangyuan-2024", "增长3.4%", "增长4.3%", Kind.GROWTH),
    ("xiangyuan-2024", "其中省级662.874万元、", "其中省级626.874万元、", Kind.SUM),
    ("xiangyuan-2024", "结转结余0.71877万元", "结转结余0.17877万元", Kind.REST),
    ("jingyu-2023", "支出完成80.6%", "支出完成86.0%", Kind.SHARE),
    ("jingyu-2023", "结转资金400万元", "结转资金300万元", Kind.SHARE),
    ("jingyu-2023", "资金1400万元（包括", "资金1410万元（包括", Kind.SUM),
    ("jingyu-2023", "共安排项目5个", "共安排项目6个", Kind.COUNT),
    ("jingyu-2023", "资金81.48万元；", "资金84.18万元；", Kind.SUM),
    ("jingyu-2023", "总计2062.48万元", "总计2026.48万元", Kind.SUM),
    ("jingyu-2023", "（包括衔接资金1000万元）", "（包括衔接资金10000万元）", Kind.SUM),
]  # fmt: skip
HARMLESS = [
    "全年共安排资金100万元，其中产业50万元，另有其他资金。",
    "产业发展资金占比60%以上，逾期率在1%以内。",
    "资金共计30万元，平均每户500元/户，涉及12户。",
    "总人数529人，其中脱贫户508人，监测对象21人，公益性岗位343人。",
    "收到资金300万元，支出150万元，支出进度50%。",
    "较上年增长5.0%，由200万元增加到210万元。",
    "2023年3月1日收到指标文件，2023年3月20日批复，共19天。",
    "第1项、第2项共3处，其中整改2处。",
    "文号为〔2023〕33号，邮编150300，电话0451-12345678。",
    "执行率98.5%，比去年提高1.2个百分点。",
    "全县共投入1.25亿元，其中中央资金8000万元，省级资金3000万元，县级资金1500万元。",
    "总资金1.25亿元，其中产业资金8000万元，占总资金的64%。",
    "奖补资金共计30万元，其中每亩补助500元。",
]


PLAN = (
    ("序号", "项目名称", "计划投入资金", "中央衔接资金", "省级衔接资金", "其他资金", "备注"),
    ("1", "冷库", "3069.7", "0", "1500", "1569.7", ""),
    ("2", "道路", "100", "60", "40", "0", ""),
    ("3", "水渠", "58.5", "58.5", "0", "0", "续建"),
    ("", "合计", "3228.2", "118.5", "1540", "1569.7", ""),
)
PACE = (
    ("名次", "单位", "安排资金", "已支出", "支出进度（%）"),
    ("1", "甲镇", "200.00", "150.00", "75.00"),
    ("2", "乙镇", "120.00", "50.00", "41.67"),
    ("", "合计", "320.00", "200.00", "62.50"),
)
SHEET = (
    ("序号", "指标", "分值", "得分"),
    ("", "合计", "", "80"),
    ("（一）", "产出", "50分", "48"),
    ("1", "数量", "30分", "28"),
    ("2", "质量", "20分", "20"),
    ("（二）", "效益", "30分", "30"),
    ("3", "社会效益", "30分", "30"),
    ("（三）", "加减分", "−5—3分", "2"),
    ("4", "机制创新", "最高加3分", "2"),
)
TABLES = [
    (PLAN, 1, 4, "1000", Kind.SUM, "0＋1000＋1569.7 = 2569.7，写的是 3069.7"),
    (PLAN, 3, 2, "85.5", Kind.SUM, "58.5＋0＋0 = 58.5，写的是 85.5"),
    (PLAN, 4, 3, "181.5", Kind.SUM, "3 行相加 = 118.5，写的是 181.5"),
    (PLAN, 4, 2, "3282.2", Kind.SUM, "3 行相加 = 3228.2，写的是 3282.2"),
    (PACE, 1, 4, "57.00", Kind.SHARE, "150÷200×100 = 75，写的是 57.00"),
    (PACE, 3, 3, "210.00", Kind.SUM, "2 行相加 = 200，写的是 210.00"),
    (PACE, 3, 4, "65.20", Kind.SHARE, "200÷320×100 = 62.5，写的是 65.20"),
    (SHEET, 3, 3, "27", Kind.POINTS, "27＋20 = 47，写的是 48"),
    (SHEET, 1, 3, "82", Kind.POINTS, "48＋30＋2 = 80，写的是 82"),
    (SHEET, 7, 3, "3", Kind.POINTS, "2 = 2，写的是 3"),
]


def table(rows) -> str:
    """A table as word processors write it into plain text."""
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows) + "\n"


def check(text: str):
    return crosscheck(read_text(text))


def source(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_reports_and_nothing_else(name):
    found = [(f.kind, f.claim, f.recomputed, f.arithmetic) for f in check(source(name)).findings]
    assert found == PUBLISHED[name]


@pytest.mark.parametrize(("name", "written", "planted", "kind"), PLANTED)
def test_a_planted_contradiction_is_found(name, written, planted, kind):
    text = source(name)
    assert written in text
    before = check(text).findings
    added = [f for f in check(text.replace(written, planted, 1)).findings if f not in before]
    assert kind in {finding.kind for finding in added}


@pytest.mark.parametrize("rows", [PLAN, PACE, SHEET], ids=["plan", "pace", "sheet"])
def test_a_correct_table_raises_nothing(rows):
    assert check(table(rows)).findings == ()


@pytest.mark.parametrize(("rows", "row", "column", "planted", "kind", "arithmetic"), TABLES)
def test_a_planted_figure_in_a_table_is_found(rows, row, column, planted, kind, arithmetic):
    changed = [list(cells) for cells in rows]
    changed[row][column] = planted
    found = check(table(changed)).findings
    assert (kind, arithmetic) in {(one.kind, one.arithmetic) for one in found}
    assert len(found) <= 3


def test_columns_without_a_relation_raise_nothing():
    rows = [
        ("年度", "收入", "支出", "户数"),
        ("2022", "100", "90", "31"),
        ("2023", "200", "180", "8"),
    ]
    assert check(table(rows)).findings == ()


@pytest.mark.parametrize("sentence", HARMLESS)
def test_a_correct_or_vague_sentence_raises_nothing(sentence):
    assert check(sentence).findings == ()


def test_parts_in_wan_of_a_total_in_yi_are_added():
    found = check("全县共投入1.25亿元，其中中央资金8000万元，省级资金3000万元，县级资金1300万元。")
    assert [one.arithmetic for one in found.findings] == ["0.8＋0.3＋0.13 = 1.23，写的是 1.25"]


def test_what_cannot_be_verified_is_a_remark():
    outcome = check("从县级收到省级财政衔接之日起，15日内将资金匹配到项目。")
    assert (outcome.findings, [remark.words for remark in outcome.remarks]) == (
        (),
        ["“15日内”没有日期可以核对"],
    )


def test_headings_that_count_wrongly_are_a_remark():
    remarks = check("一、概况\n二、资金\n四、问题\n").remarks
    assert [remark.words for remark in remarks] == ["标题“四、问题”的序号不连续"]


def test_the_documentation_counts_what_is_tested():
    page = (REPORTS.parents[2] / "docs" / "crosscheck.md").read_text(encoding="utf-8")
    published = sum(map(len, PUBLISHED.values()))
    assert f"| published reports, read by hand | {published} | {published} | 0 |" in page
    assert f"| planted changes | {len(PLANTED)} | {len(PLANTED)} | 0 |" in page
    assert (
        f"| planted changes in tables of other shapes | {len(TABLES)} | {len(TABLES)} | 0 |" in page
    )
