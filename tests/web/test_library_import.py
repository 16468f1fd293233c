"""Importing in the browser: upload or paste, look at the check, confirm; and the commands."""

import io

import openpyxl
import sqlalchemy as sa

from portal.db import db
from portal.library.commands import export_group, import_group
from portal.library.models import PlanImport, Project
from tests.operations.test_library_plan import csv_of, row


def send(client, content: bytes = b"", name: str = "计划.csv", **fields):
    data = {"year": "2023", **fields}
    if content:
        data["file"] = (io.BytesIO(content), name)
    return client.post("/library/import", data)


def test_upload_check_confirm(client, world):
    client.sign_in("lead_office")
    checked = send(client, csv_of(row()))
    assert checked.status_code == 303
    page = client.get(checked.location).text
    assert "确认导入：新增 1 个，修改 0 个" in page
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 0
    db.session.rollback()
    for _ in range(2):
        assert client.post(checked.location).status_code == 303
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 1
    assert "已在 2023-03-20 导入" in client.get(checked.location).text
    assert db.session.scalars(sa.select(PlanImport.content)).one() == b""


def test_pasted_cells_meet_the_same_check(client, world):
    client.sign_in("lead_office")
    pasted = csv_of(row(乡镇="丙镇")).decode().replace(",", "\t")
    page = client.get(send(client, pasted=pasted).location).text
    assert "第 2 行 C 列" in page
    assert "没有“丙镇”" in page
    assert "确认导入" not in page


def test_a_faulty_table_cannot_be_confirmed(client, world):
    client.sign_in("lead_office")
    location = send(client, csv_of(row(乡镇="丙镇"))).location
    assert client.post(location).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 0


def test_an_unreadable_file_is_refused_at_its_field(client, world):
    client.sign_in("lead_office")
    for content, name in (
        (b"\x00\x01\x02", "a.csv"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"x", "a.exe"),
    ):
        assert send(client, content, name).status_code == 422
    assert "请选择文件" in send(client).text


def test_b2_only_the_lead_office_imports(client, app, world):
    client.sign_in("lead_office")
    location = send(client, csv_of(row())).location
    client.sign_in("finance_agri")
    assert client.get(location).status_code == 403
    assert client.post(location).status_code == 403


def test_the_export_is_the_filtered_list(client, world):
    client.sign_in("lead_office")
    client.post(send(client, csv_of(row(), row(项目名称="西村道路", 村="西村"))).location)
    answer = client.get("/library/export?q=西村")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    names = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "西村道路" in names
    assert "东村冷库建设项目" not in names
    assert client.get("/library/import/template").mimetype.endswith("sheet")


def test_the_commands_read_what_they_wrote(app, world, tmp_path):
    source, target = tmp_path / "plan.csv", tmp_path / "out.xlsx"
    source.write_bytes(csv_of(row()))

    def command(group, *arguments: object) -> str:
        words = ["library", *map(str, arguments), "--county", "county"]
        result = app.test_cli_runner().invoke(group, words)
        assert result.exit_code == 0, result.output
        db.session.rollback()
        return result.output

    assert "新增 1，修改 0" in command(import_group, source, "--dry-run")
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 0
    command(import_group, source, "--year", 2023)
    assert "1 个项目" in command(export_group, target, "--year", 2023)
    assert "没有变化 1" in command(import_group, target)


def test_the_command_names_each_faulty_cell(app, world, tmp_path):
    source = tmp_path / "plan.csv"
    source.write_bytes(csv_of(row(乡镇="丙镇", 实施期限="明年")))
    result = app.test_cli_runner().invoke(
        import_group, ["library", str(source), "--county", "county"]
    )
    assert result.exit_code == 1
    assert "第 2 行 C 列" in result.output
    assert "第 2 行 M 列" in result.output
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 0
