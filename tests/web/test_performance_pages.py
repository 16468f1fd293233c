"""绩效管理 in the browser's eyes: the list, a project's forms, one form, and who may do what on it."""

import re
from datetime import date

import pytest

from portal.db import db
from portal.performance.models import PerformanceForm
from portal.rules.vocabulary import Comparison, FormKind, FormStatus, TargetLevel
from portal.rules.workflow import Move
from tests import ledger, performance
from tests.client import Client

HTMX = {"HX-Request": "true", "HX-Target": "rows"}
DAY = date(2023, 3, 20)


@pytest.fixture
def project(world):
    return performance.with_targets(world)


@pytest.fixture
def home(project):
    return f"/performance/projects/{project.id}"


def only() -> PerformanceForm:
    db.session.rollback()
    return db.session.query(PerformanceForm).populate_existing().one()


def latest() -> PerformanceForm:
    db.session.rollback()
    newest = db.session.query(PerformanceForm).order_by(PerformanceForm.id.desc())
    return newest.populate_existing().first()


def fields(page: str) -> dict[str, str]:
    """What the page's form would send."""
    main = page[page.index("data-keep") :]
    found = dict(re.findall(r'<input[^>]*name="([\w-]+)"[^>]*value="([^"]*)"', main))
    found |= dict(re.findall(r'<textarea[^>]*name="([\w-]+)"[^>]*>\r?\n?([^<]*)<', main))
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', main, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def begin(client: Client, home: str, **facts) -> str:
    answer = client.post(f"{home}/forms", {"kind": "declaration", "year": 2023} | facts)
    assert answer.status_code == 303
    return answer.location.removesuffix("/edit")


def test_the_list_says_which_forms_are_missing(client, world, project):
    ledger.add_project(world, "没有资金的项目")
    page = client.sign_in("lead_office").get("/performance/").text
    assert project.name in page
    assert "没有资金的项目" not in page
    assert re.search(r"待填报<br><strong>1</strong> 张", page)
    for words in ("绩效目标", "1—7月监控", "1—9月监控", "绩效自评", "未到时间"):
        assert words in page


def test_the_list_is_filtered_by_its_address(client, project):
    client.sign_in("lead_office")
    rows = client.get("/performance/?state=approved", headers=HTMX).text
    assert project.name not in rows
    assert "<html" not in rows
    assert project.name in client.get("/performance/?state=missing&year=2023").text
    for odd in ("year=1", "township=99999999999999999999", "state=x", "page=0"):
        assert client.get(f"/performance/?{odd}").status_code == 200


def test_a_declaration_is_begun_written_and_handed_in(client, project, home):
    client.sign_in("town_reviewer")
    address = begin(client, home)
    page = client.get(f"{address}/edit").text
    typed = fields(page)
    assert typed["lines-0-name"] == "硬化道路"
    assert "lines-6-name" in typed, "three blank rows"
    typed |= {
        "lines-4-level": "cost",
        "lines-4-name": "每公里成本",
        "lines-4-value": "３０",
        "goal": "新",
    }
    answer = client.post(f"{address}/edit", typed)
    assert answer.location == address
    form = only()
    assert [(line.name, line.value) for line in form.lines][2] == ("每公里成本", "30")
    page = client.get(address).text
    assert "请填写单位：每公里成本" in page
    client.post(
        f"{address}/edit", fields(client.get(f"{address}/edit").text) | {"lines-2-unit": "万元"}
    )
    assert client.post(f"{address}/submit", {}).status_code == 303
    assert only().status is FormStatus.SUBMITTED


def test_more_rows_are_asked_for_by_saving(client, home):
    address = begin(client.sign_in("town_reviewer"), home)
    typed = fields(client.get(f"{address}/edit").text) | {"rows": "9", "goal": "写了一半"}
    answer = client.post(f"{address}/edit", typed)
    assert answer.location.endswith("/edit?rows=9#lines")
    page = client.get(answer.location).text
    assert 'name="lines-8-name"' in page
    assert "写了一半" in page


def test_indicators_are_pasted_from_a_sheet_and_a_wrong_line_loses_nothing(client, home):
    address = begin(client.sign_in("town_reviewer"), home)
    typed = fields(client.get(f"{address}/edit").text)
    wrong = "产出指标\t数量指标\t新建桥\t≥2座\n\t速度\t完工\t12月底前"
    answer = client.post(f"{address}/edit", typed | {"pasted": wrong, "goal": "写了一半"})
    assert (answer.status_code, "第 2 行的指标类别“速度”不认识" in answer.text) == (422, True)
    assert ("12月底前" in answer.text, "写了一半" in answer.text) == (True, True)
    count = len(only().lines)
    right = wrong.replace("速度", "时效指标") + "\n满意度指标\t服务对象满意度\t满意度\t≥９５\t%"
    assert client.post(f"{address}/edit", typed | {"pasted": right}).status_code == 303
    added = {line.name: line for line in only().lines}
    assert len(only().lines) == count + 3
    assert [
        (line.level, line.comparison, line.value, line.unit)
        for line in (added["新建桥"], added["完工"], added["满意度"])
    ] == [
        (TargetLevel.QUANTITY, Comparison.AT_LEAST, "2", "座"),
        (TargetLevel.TIMELINESS, Comparison.EXACTLY, "12月底前", ""),
        (TargetLevel.SATISFACTION, Comparison.AT_LEAST, "95", "%"),
    ]


def test_what_was_typed_stays_when_it_is_refused(client, world, project, home):
    performance.declared(world, project, DAY)
    address = begin(client.sign_in("town_reviewer"), home, kind="self_evaluation")
    typed = fields(client.get(f"{address}/edit").text) | {
        "achieved": "已修通",
        "lines-0-score": "高",
    }
    answer = client.post(f"{address}/edit", typed)
    assert answer.status_code == 422
    assert "第 1 行还没有填对" in answer.text
    assert "请填写数字" in answer.text
    assert "已修通" in answer.text
    answer = client.post(f"{address}/edit", typed | {"lines-0-score": "60"})
    assert "得 60 分，分值只有 25 分" in answer.text


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e3", "-1", "100.01", "0.001", "9" * 500])
def test_odd_points_are_refused_in_words(client, world, project, home, typed):
    performance.declared(world, project, DAY)
    address = begin(client.sign_in("town_reviewer"), home, kind="self_evaluation")
    answer = client.post(f"{address}/edit", {"lines-0-weight": typed})
    assert answer.status_code == 422
    assert "第 1 行还没有填对" in answer.text


@pytest.mark.parametrize(("year", "month"), [("99999", "7"), ("2023", "13"), ("0", "1"), ("", "")])
def test_a_form_of_an_odd_year_or_month_is_refused(client, home, year, month):
    client.sign_in("town_reviewer")
    answer = client.post(f"{home}/forms", {"kind": "monitoring", "year": year, "month": month})
    assert answer.status_code == 422


def test_the_published_table_of_110_points_is_named_before_it_is_handed_in(
    client, world, project, home
):
    performance.declared(world, project, DAY)
    address = begin(client.sign_in("town_reviewer"), home, kind="self_evaluation")
    weights = {"lines-0-weight": "35", "lines-1-weight": "35", "lines-2-weight": "20"}
    client.post(f"{address}/edit", fields(client.get(f"{address}/edit").text) | weights)
    assert "产出指标 70 ＋ 效益指标 20 ＋ 满意度指标 10 ＝ 110" in client.get(address).text


def test_a_monitoring_is_filled_in_indicator_by_indicator(client, world, project, home):
    performance.declared(world, project, DAY)
    address = begin(client.sign_in("town_reviewer"), home, kind="monitoring", month=3)
    typed = fields(client.get(f"{address}/edit").text)
    assert "lines-0-name" not in typed
    for number, line in enumerate(latest().lines):
        typed |= {f"lines-{number}-achieved": line.value, f"lines-{number}-expected": line.value}
        typed |= {f"lines-{number}-likelihood": "certain"}
    typed["expected_amount"] = "１００"
    assert client.post(f"{address}/edit", typed).status_code == 303
    assert client.post(f"{address}/submit", {}).status_code == 303
    form = latest()
    assert (form.status, form.expected_amount) == (FormStatus.SUBMITTED, ledger.wan(100))


def test_finance_approves_and_nothing_can_be_changed_any_more(client, world, project, home):
    address = begin(client.sign_in("town_reviewer"), home)
    client.post(f"{address}/submit", {})
    page = client.sign_in("finance_perf").get(address).text
    assert "退回修改" in page
    answer = client.post(f"{address}/return", {"words": ""})
    assert answer.status_code == 422
    assert "要写明理由" in answer.text
    assert client.post(f"{address}/approve", {"words": "同意"}).status_code == 303
    assert "审核通过并锁定" in client.get(address).text
    assert client.sign_in("town_reviewer").get(f"{address}/edit").status_code == 404
    answer = client.post(f"{address}/edit", {"goal": "改"})
    assert answer.status_code == 422
    assert "请在 2024 年度重新申报" in answer.text


@pytest.mark.parametrize("kind", ["word", "excel", "print"])
def test_a_form_is_taken_away_as_paper(client, world, project, kind):
    form = performance.declared(world, project, DAY)
    address = f"/performance/forms/{form.id}/{kind}"
    answer = client.sign_in("auditor").get(address)
    assert answer.status_code == 200
    if kind == "print":
        assert 'colspan="3"' in answer.text
        assert "财政绩效股审核" in answer.text
    else:
        assert answer.data.startswith(b"PK")
    assert client.sign_in("town_reviewer2").get(address).status_code == 404


def test_who_may_not_write_has_no_button_and_no_way(client, world, project, home):
    address = begin(client.sign_in("town_reviewer"), home)
    client.sign_in("village_clerk")
    assert "填报绩效目标" not in client.get(home).text
    assert client.get(f"{address}/edit").status_code == 403
    assert client.post(f"{address}/submit", {}).status_code == 403
    client.sign_in("town_reviewer2")
    for path in (home, address, f"{address}/edit"):
        assert client.get(path).status_code == 404


def test_the_form_that_is_there_is_opened_and_not_begun_again(client, home):
    begin(client.sign_in("town_reviewer"), home)
    answer = client.post(f"{home}/forms", {"kind": "declaration", "year": 2023})
    assert answer.status_code == 422
    assert "已经有了" in answer.text
    answer = client.post(f"{home}/forms", {"kind": "monitoring", "year": 2023})
    assert "请选择监控到哪个月" in answer.text


def test_home_says_what_is_missing_and_what_waits(client, world, project, home):
    page = client.sign_in("town_reviewer").get("/").text
    assert "绩效目标还有 1 个项目没有填报" in page
    assert "没有填报" not in client.sign_in("town_reviewer2").get("/").text
    address = begin(client.sign_in("town_reviewer"), home)
    page = client.get("/").text
    assert "没有填报" not in page
    assert "继续填报" in page
    client.post(f"{address}/submit", {})
    page = client.sign_in("finance_perf").get("/").text
    assert f"{project.name}：2023年度绩效目标申报表" in page
    assert f'href="{address}"' in page


def test_the_county_writes_its_own_form(client, world, project):
    performance.declared(world, project, DAY)
    performance.evaluated(world, project, DAY)
    client.sign_in("lead_office")
    answer = client.post("/performance/regional", {"kind": "regional", "year": 2023})
    address = answer.location.removesuffix("/edit")
    typed = fields(client.get(f"{address}/edit").text)
    typed |= {"goal": "巩固成果", "achieved": "全面完成"}
    typed |= {"central_department": "财政部", "local_department": "省财政厅"}
    typed |= {f"notes-{n}-words": "按规定办理" for n in range(7)}
    typed |= {f"lines-{n}-score": typed[f"lines-{n}-weight"] for n in range(4)}
    assert client.post(f"{address}/edit", typed).status_code == 303
    assert client.post(f"{address}/submit", {}).status_code == 303
    assert latest().kind is FormKind.REGIONAL
    page = client.sign_in("finance_perf").get(address).text
    assert Move.APPROVE.label in page
    again = client.sign_in("lead_office").post(
        "/performance/regional", {"kind": "regional", "year": 2023}
    )
    assert again.status_code == 422
    assert "已经有了" in again.text
