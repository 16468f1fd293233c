"""The workbooks, `datapackage.json`, the page of the data, the feed and the sitemap."""

import csv
import json
import zipfile
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from published import Published, published
from python_calamine import CalamineWorkbook
from trees import page, rows, tree

from public_site import addressed, build, workbook
from public_site.schema import Correction, Withdrawn
from public_site.workbook import Column, Sheet, write_workbook

ADDRESS = "https://gongkai.example.gov.cn/xianjie"
READ = {
    "string": str,
    "integer": int,
    "number": lambda text: round(float(text) * 100),
    "date": date.fromisoformat,
    "boolean": {"True": True, "False": False}.__getitem__,
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> tuple[Published, Path]:
    """A site with an address, two years, odd names, a correction and a withdrawn notice."""
    data = published(60)
    data.site = replace(data.site, web_address=ADDRESS)
    data.change_project("p-000003", year=2022, name='=1+1 <b>“&"\x01')
    correction = Correction(date(2024, 3, 18), "标题写错")
    data.change_notice("n-00000", corrections=(correction,), title="公示 & <更正>\x02")
    out = tmp_path_factory.mktemp("several") / "public"
    build(data, out)
    return data, out


def package(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "data/datapackage.json").read_bytes())
    return found


def test_the_package_describes_each_file_as_it_is(several: tuple[Published, Path]):
    out = several[1]
    described = package(out)["resources"]
    paths = {path.removeprefix("data/") for path in tree(out) if path.startswith("data/")}
    assert {one["path"] for one in described} == {
        path for path in paths if path.endswith((".csv", ".json", ".xlsx"))
    } - {"datapackage.json"}
    for one in described:
        content = (out / "data" / one["path"]).read_bytes()
        assert one["bytes"] == len(content), one["path"]
        assert one["hash"] == f"sha256:{sha256(content).hexdigest()}"


def test_each_value_has_the_type_that_the_package_says(several: tuple[Published, Path]):
    out = several[1]
    for one in package(out)["resources"]:
        if one["format"] == "csv":
            with (out / "data" / one["path"]).open(encoding="utf-8-sig", newline="") as file:
                table = list(csv.DictReader(file))
            fields = one["schema"]["fields"]
            assert one["rows"] == len(table)
            assert [field["name"] for field in fields] == list(table[0])
            assert all(field["title"] and field["description"] for field in fields)
            for row in table:
                for field in fields:
                    if (text := row[field["name"]]) not in one["schema"]["missingValues"]:
                        READ[field["type"]](text)
            if key := one["schema"].get("primaryKey"):
                assert len({row[key] for row in table}) == len(table)


def test_amounts_have_their_unit_and_json_keeps_them_as_text(several: tuple[Published, Path]):
    for one in package(several[1])["resources"]:
        for field in one.get("schema", {}).get("fields", ()):
            if field["name"].endswith("_yuan"):
                assert field["unit"] == "元"
                assert field["type"] == {"csv": "number", "json": "string"}[one["format"]]


def test_what_is_not_known_is_left_out(site: Path, several: tuple[Published, Path]):
    assert "homepage" not in package(site)
    assert package(several[1])["homepage"] == ADDRESS
    assert not {"licenses", "sources", "created"} & package(several[1]).keys()


def test_the_workbooks_hold_the_rows_of_the_json(several: tuple[Published, Path]):
    out = several[1]
    kinds = {"projects": "项目", "allocations": "资金安排", "payments": "支付明细"}
    kinds |= {"funds": "资金文件", "notices": "公告公示"}
    books = [CalamineWorkbook.from_path(path) for path in sorted((out / "data").glob("*.xlsx"))]
    assert books[0].sheet_names == [
        "项目",
        "资金文件",
        "资金安排",
        "支付明细",
        "公告公示",
        "字段说明",
    ]
    for kind, name in kinds.items():
        cells = [row for book in books for row in book.get_sheet_by_name(name).to_python()[1:]]
        expected = [list(row.values()) for row in rows(out, kind) if row.get("status") != "已撤回"]
        assert sorted(map(_plain, cells)) == sorted(map(_plain, expected)), name
    (amounts,) = {row[6] for row in books[1].get_sheet_by_name("项目").to_python()[1:]}
    assert amounts == 500_000.0, "a number, not a text"
    notes = books[0].get_sheet_by_name("字段说明").to_python()
    assert [
        "支付明细",
        "支付金额（元）",
        "amount_yuan",
        "小数",
        "元",
        "支付金额，元；负数表示退回",
    ] in notes


def _plain(row: list[Any]) -> list[str]:
    """Cells as text that is the same from JSON and from Excel."""
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    if cell is None or isinstance(cell, bool):
        return str(cell or "")
    if isinstance(cell, date | int | float):
        return cell.isoformat() if isinstance(cell, date) else f"{cell:.2f}"
    try:
        return f"{float(cell):.2f}"
    except ValueError:
        return "".join(char for char in cell if char.isprintable())


def test_a_workbook_holds_no_time_and_no_formula(several: tuple[Published, Path]):
    with zipfile.ZipFile(several[1] / "data/disclosure-2022.xlsx") as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/core.xml" not in package.namelist()
        for name in package.namelist():
            ET.fromstring(package.read(name))
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1 &lt;b&gt;“&amp;&quot;</t>" in sheet


def test_more_rows_than_excel_holds_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    sheet = Sheet("项目", (Column("编号"),), (("x",) for _ in range(4)))
    with (tmp_path / "x.xlsx").open("wb") as target, pytest.raises(ValueError, match="分年"):
        write_workbook([sheet], target)


def test_a_change_makes_only_its_years_workbook_again(tmp_path: Path):
    data, out = published(60), tmp_path / "public"
    data.change_project("p-000003", year=2022)
    build(data, out)
    before = tree(out)
    data.change_project("p-000007", name="改了名字的项目")
    build(data, out)
    changed = {path for path, content in tree(out).items() if content != before.get(path)}
    assert "data/disclosure-2024.xlsx" in changed
    assert "data/disclosure-2022.xlsx" not in changed


def test_the_page_of_the_data_says_what_lies_there(several: tuple[Published, Path]):
    html = page(several[1], "data/index.html")
    for one in package(several[1])["resources"]:
        assert f'href="{one["path"]}"' in html
    assert f"数据截至2024年3月20日，{ADDRESS}/data/" in html
    assert '<td class="num" data-label="行数">180</td>' in html


def test_the_feed_holds_the_notices_by_their_last_change(several: tuple[Published, Path]):
    atom = "{http://www.w3.org/2005/Atom}"
    root = ET.fromstring((several[1] / "feed.xml").read_bytes())
    assert root.findtext(f"{atom}updated") == "2024-03-18T00:00:00+08:00"
    entries = [(one.findtext(f"{atom}id"), one.findtext(f"{atom}title"), one.findtext(f"{atom}updated"))
               for one in root.iter(f"{atom}entry")]  # fmt: skip
    assert entries == [
        (f"{ADDRESS}/notices/n-00000.html", "公示 & <更正>", "2024-03-18T00:00:00+08:00"),
        (
            f"{ADDRESS}/notices/n-00001.html",
            several[0].notice_rows[1].title,
            "2024-03-15T00:00:00+08:00",
        ),
    ]


def mapped(out: Path, name: str = "sitemap.xml") -> list[str]:
    names = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    root = ET.fromstring((out / name).read_bytes())
    return [str(one.text) for one in root.iter(f"{names}loc")]


def test_the_map_lists_every_page_but_the_hidden_ones(several: tuple[Published, Path]):
    pages = {path for path in tree(several[1]) if path.endswith(".html")}
    hidden = {path for path in pages if 'content="noindex"' in page(several[1], path)}
    assert hidden == {"404.html", "notices/n-withdrawn.html"}
    assert mapped(several[1]) == [f"{ADDRESS}/{path}" for path in sorted(pages - hidden)]


def test_a_long_map_is_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(addressed, "MOST", 150)
    data = published(10)
    data.withdrawn_rows.append(Withdrawn("projects", "gone", date(2024, 3, 1), "重复"))
    build(replace(data, site=replace(data.site, web_address=ADDRESS)), tmp_path / "public")
    parts = mapped(tmp_path / "public")
    assert parts == [f"{ADDRESS}/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    found = [one for part in parts for one in mapped(tmp_path / "public", part.rsplit("/")[-1])]
    assert len(parts) > 1
    assert len(found) == len(set(found)) > 150


def test_a_page_names_its_lasting_address(several: tuple[Published, Path], site: Path):
    html = page(several[1], "projects/p-000007.html")
    assert f'<link rel="canonical" href="{ADDRESS}/projects/p-000007.html">' in html
    assert 'type="application/atom+xml" title="公告公示" href="../feed.xml"' in html
    assert "canonical" not in page(several[1], "notices/n-withdrawn.html")
    assert "canonical" not in page(site, "projects/p-000007.html")
    assert "atom+xml" not in page(site, "projects/p-000007.html")


def test_without_an_address_there_is_neither_feed_nor_map(site: Path):
    assert not {"feed.xml", "sitemap.xml"} & tree(site).keys()


@pytest.mark.parametrize(
    "wrong", ["gongkai.gov.cn", "https://x/", 'https://x/"><b', "ftp://x", "https://x y"]
)
def test_an_address_that_is_none_is_refused(data: Published, wrong: str):
    with pytest.raises(ValueError, match="网站地址"):
        replace(data.site, web_address=wrong)
