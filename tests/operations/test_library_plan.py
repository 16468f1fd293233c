"""The plan table in and out: judged by cell, stored whole or not at all, and the same both ways."""

import io
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from portal.audit.models import AuditEntry
from portal.db import db, unit_of_work
from portal.intake import FileRefused
from portal.library import importing
from portal.library.models import PlanImport, Project
from portal.library.sheets import TABLE, write_plan
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import ProjectStatus, ReportClass
from tests.applications import DAY, begin, fill_in, submitted

HEADING = [column.title for column in TABLE.columns]
PUBLISHED = [
    *("序号", "部门", "乡镇", "村", "项目名称", "项目子类型", "建设内容", "计划投入资金"),
    *("中央衔接资金", "省级衔接资金", "省级财政资金", "其他资金", "实施期限", "预期绩效目标"),
    *("联农带农富农利益联结机制", "责任单位", "责任人", "备注", "项目编码", "市级", "县级"),
]


def row(**cells: str) -> list[str]:
    usual = {
        "部门": "县农业农村局",
        "乡镇": "甲镇",
        "村": "东村",
        "项目名称": "东村冷库建设项目",
        "项目子类型": "种植业基地",
        "计划投入资金": "10",
        "中央衔接资金": "10",
        "实施期限": "2023/4-2023/10",
    }
    return [(usual | cells).get(title, "") for title in HEADING]


def csv_of(*rows: list[str], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(cells) for cells in (HEADING, *rows)).encode(encoding)


def upload(world, content: bytes, name: str = "计划.csv", **facts) -> PlanImport:
    actor = world.actor("lead_office")
    return importing.begin_import(
        content,
        name,
        actor=actor,
        county_id=world.ids["county"],
        year=facts.pop("year", 2023),
        on=DAY,
        **facts,
    )


def run(world, content: bytes, name: str = "计划.csv", **facts) -> PlanImport:
    with unit_of_work(world.actor("lead_office"), "test"):
        waiting = upload(world, content, name, **facts)
        return importing.confirm_import(waiting, actor=world.actor("lead_office"), on=DAY)


def judged(world, *rows: list[str], encoding: str = "utf-8"):
    with unit_of_work(world.actor("lead_office"), "test"):
        return importing.check_import(upload(world, csv_of(*rows, encoding=encoding)))


def exported() -> bytes:
    target = io.BytesIO()
    write_plan(sa.select(Project.id), target)
    return target.getvalue()


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Project.id)))


def test_the_heading_is_the_published_one_with_three_columns_appended():
    assert HEADING == PUBLISHED
    sources = [column.title for column in TABLE.columns if column.group == "资金来源"]
    assert sources == PUBLISHED[8:12]


def test_new_rows_become_drafts_with_codes_and_places(world):
    done = run(
        world, csv_of(row(), row(村="西村", 项目名称="西村道路", 市级="2", 计划投入资金="12"))
    )
    assert (done.added, done.changed) == (2, 0)
    first, second = db.session.scalars(sa.select(Project).order_by(Project.id))
    assert (first.code, second.code) == ("county-2023-01", "county-2023-02")
    assert first.status is ProjectStatus.DRAFT
    assert first.organization_id == world.ids["dong"]
    assert first.township_id == world.ids["jia"]
    assert [village.name for village in first.villages] == ["东村"]
    assert first.report_class is ReportClass.INDUSTRY
    assert (first.start_on, first.finish_on) == (date(2023, 4, 1), date(2023, 10, 31))
    assert second.municipal_amount == 2_000_000
    assert second.budget == 12_000_000


def test_new_rows_enter_the_library_on_an_approval_by_number(world):
    run(world, csv_of(row()), minutes_number="纪要〔2023〕1号", admitted_on=date(2023, 1, 5))
    project = db.session.scalars(sa.select(Project)).one()
    assert project.status is ProjectStatus.ADMITTED
    assert (project.minutes_number, project.admitted_on) == ("纪要〔2023〕1号", date(2023, 1, 5))


def test_an_approval_needs_its_day(world):
    with (
        unit_of_work(world.actor("lead_office"), "test"),
        pytest.raises(RuleBroken, match="审定日期"),
    ):
        upload(world, csv_of(row()), minutes_number="纪要1号")


def test_what_is_exported_and_imported_again_changes_nothing(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        fill_in(begin(world), world)
        submitted(world)
        begin(world, "town_reviewer")
        begin(world, "dept_reviewer")
    run(
        world,
        csv_of(
            row(
                村="东村、西村",
                备注="=1+1",
                建设内容="冷库１座",
                县级="0.000001",
                计划投入资金="10.000001",
            )
        ),
    )
    db.session.rollback()
    versions = list(db.session.execute(sa.select(Project.id, Project.version)))
    with unit_of_work(world.actor("lead_office"), "test"):
        waiting = upload(world, exported(), "导出.xlsx")
        check = importing.check_import(waiting)
        assert not check.sheet.errors
        assert (check.added, check.changed, check.unchanged) == ([], [], 5)
        importing.confirm_import(waiting, actor=world.actor("lead_office"), on=DAY)
    assert list(db.session.execute(sa.select(Project.id, Project.version))) == versions


def test_d8_text_that_looks_like_a_formula_leaves_as_text(world):
    run(world, csv_of(row(备注="=1+1", 建设内容="+2", 责任人="@x")))
    book = openpyxl.load_workbook(io.BytesIO(exported()))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in {cell.value for cell in cells}


def test_only_what_differs_is_changed_and_shown_before(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        project = begin(world)
        fill_in(project, world)
        project_id, tasks = project.id, project.tasks
    table = openpyxl.load_workbook(io.BytesIO(exported()))
    sheet = table.active
    titles = {cell.value: cell.column for line in sheet.iter_rows(max_row=4) for cell in line}
    last = sheet.max_row
    sheet.cell(last, titles["责任人"]).value = "张三"
    sheet.cell(last, titles["中央衔接资金"]).value = 20
    sheet.cell(last, titles["计划投入资金"]).value = 20
    target = io.BytesIO()
    table.save(target)
    with unit_of_work(world.actor("lead_office"), "test"):
        waiting = upload(world, target.getvalue(), "改.xlsx")
        changed = importing.check_import(waiting).changed
        shown = [(d.title, d.before, d.after) for d in changed[0].differences]
        assert shown == [("责任人", "（空）", "张三"), ("中央衔接资金", "1.10 万元", "20.00 万元")]
        importing.confirm_import(waiting, actor=world.actor("lead_office"), on=DAY)
    project = db.session.get_one(Project, project_id)
    assert (project.responsible_person, project.central_amount) == ("张三", 20_000_000)
    assert (project.tasks, project.finish_on) == (tasks, date(2023, 10, 31))


BAD_CELLS = (
    ({"部门": "县农业农村厅"}, "部门", "是不是“县农业农村局”"),
    ({"部门": ""}, "部门", "必填"),
    ({"乡镇": "丙镇"}, "乡镇", "没有“丙镇”"),
    ({"村": "南村"}, "村", "没有“南村”"),
    ({"项目名称": ""}, "项目名称", "必填"),
    ({"项目子类型": "种植基地"}, "项目子类型", "是不是“种植业基地”"),
    ({"计划投入资金": "11"}, "计划投入资金", "相差 1.00 万元"),
    ({"中央衔接资金": "-1"}, "中央衔接资金", "不能为负数"),
    ({"中央衔接资金": "1e3"}, "中央衔接资金", "科学计数法"),
    ({"实施期限": "2023/13-2023/14"}, "实施期限", "月份"),
    ({"实施期限": "2023/9-2023/4"}, "实施期限", "早于"),
    ({"实施期限": "今年"}, "实施期限", "请写成"),
    ({"项目编码": "Ａ/../b"}, "项目编码", "小写字母"),
)


def test_bad_cells_are_named_by_row_column_and_remedy(world):
    wrong = [row(**{"项目名称": f"第{n}个", **cells}) for n, (cells, _, _) in enumerate(BAD_CELLS)]
    errors = judged(world, *wrong).sheet.errors
    for number, (cells, title, words) in enumerate(BAD_CELLS, start=2):
        error = next(e for e in errors if e.row == number and e.title == title)
        assert HEADING.index(title) == ord(error.letter) - ord("A")
        assert words in error.message, cells


def test_d7_an_error_on_the_last_row_stores_nothing(world):
    rows = [row(项目名称=f"项目{n}") for n in range(20)]
    with pytest.raises(RuleBroken, match="1 处错误"):
        run(world, csv_of(*rows, row(项目名称="末行", 乡镇="没有的镇")))
    assert count() == 0


def test_d7_a_second_confirmation_and_the_same_file_again(world):
    actor = world.actor("lead_office")
    with unit_of_work(actor, "test"):
        waiting = upload(world, csv_of(row()))
        importing.confirm_import(waiting, actor=actor, on=DAY)
        importing.confirm_import(waiting, actor=actor, on=DAY)
    assert count() == 1
    with unit_of_work(actor, "test"):
        again = upload(world, csv_of(row()))
        assert importing.earlier_import(again).id == waiting.id
        assert importing.check_import(again).unchanged == 1


def test_a_repeated_row_is_an_error(world):
    check = judged(world, row(), row())
    assert "与第 2 行重复" in check.sheet.errors[0].message


def test_a_row_without_a_code_that_fits_two_projects_is_an_error(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        begin(world), begin(world)
    check = judged(world, row(项目名称="东村烘干塔续建项目"))
    assert "有 2 个同名项目：county-2023-01、county-2023-02" in check.sheet.errors[0].message


def test_guesses_are_named(world):
    check = judged(world, row(乡镇="", 实施期限="２０２３年４月－２０２３年１０月"))
    assert not check.sheet.errors
    assert any("按村认定为“甲镇”" in guess for guess in check.guesses)
    assert any("按“2023/4-2023/10”理解" in guess for guess in check.guesses)


def test_full_width_digits_and_gb18030_are_read(world):
    check = judged(world, row(计划投入资金="１０", 中央衔接资金="１０．０"), encoding="gb18030")
    assert not check.sheet.errors
    assert check.added[0].record["central_amount"] == 10_000_000


def test_a_project_under_review_is_not_changed_by_an_import(world):
    with unit_of_work(world.actor("village_clerk"), "test"):
        code = submitted(world).code
    check = judged(world, row(项目编码=code))
    assert "不能用导入修改" in check.sheet.errors[0].message


def test_what_is_no_plan_table_is_refused(world):
    with unit_of_work(world.actor("lead_office"), "test"), pytest.raises(FileRefused, match="表头"):
        importing.check_import(upload(world, "姓名,电话\r\n张三,1".encode()))


def test_a_thousand_rows_leave_one_audit_row_for_the_projects(world):
    run(world, csv_of(*(row(项目名称=f"项目{n}") for n in range(1000))))
    assert count() == 1000
    entries = sa.select(AuditEntry.result).where(AuditEntry.table_name == "project")
    assert list(db.session.scalars(entries)) == ["bulk_insert"]


def test_a_project_of_another_year_is_meant_by_its_code_only(world):
    run(world, csv_of(row(责任人="张三")))
    code = db.session.scalars(sa.select(Project.code)).one()
    assert run(world, csv_of(row(责任人="李四")), year=2024).added == 1
    again = run(world, csv_of(row(责任人="王五", 项目编码=code)), year=2024)
    assert (again.added, again.changed, count()) == (0, 1, 2)
    people = db.session.scalars(sa.select(Project.responsible_person).order_by(Project.year))
    assert list(people) == ["王五", "李四"]
