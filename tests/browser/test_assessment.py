"""The yearly assessment: one line claimed with a reason, two signatures, the same file ever after."""

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.pages import Person
from tests.corpus.pdfs import pdf
from tests.operations.test_assessments import YEAR_END, filled
from tests.world import World


@pytest.fixture
def app(app: Flask) -> Flask:
    """On the day on which the year is assessed."""
    app.config["STANDING_DAY"] = YEAR_END
    return app


def test_a_year_is_scored_claimed_signed_twice_and_kept(
    world: World, arrive: Callable[..., Person], tmp_path: Path
) -> None:
    home = f"/performance/assessments/{filled(world).id}"
    paper = tmp_path / "收文登记.pdf"
    paper.write_bytes(pdf())

    perf = arrive("finance_perf")
    perf.open(home)
    perf.sees("47 天 > 45 天", "账上数据")
    perf.follow("资金落实到项目时间")
    perf.fill({"文件": paper})
    perf.press("上传")
    perf.sees("佐证材料已上传。", "收文登记.pdf")
    perf.fill({"申报得分": "5"})
    perf.press("保存申报得分")
    perf.sees("按规则计算是 4.33 分，申报 5.00 分。两者不同，请写明理由。")
    perf.fill({"申报得分": "5", "理由": "按实际收文日计算"})
    perf.press("保存申报得分")
    perf.sees("申报与计算不同")
    perf.open(f"{home}/what-if")
    perf.fill({"再支付（万元）": "3", "在这一天以前": "2023-12-31"})
    perf.press("测算")
    perf.sees("计算得分 +1.00")

    finance = arrive("finance_agri")
    sign(finance, home, "财政部门签署", "自评报告还有 1 处数字矛盾没有修改或说明")
    perf.open(f"{home}/report/")
    perf.fill({"说明为什么保留": "按实际收文日计算，见佐证材料"})
    perf.press("保存说明")
    sign(finance, home, "财政部门签署", "一方已签")
    perf.open(f"{home}/lines/3")
    expect(perf.page.get_by_role("button", name="保存申报得分")).to_have_count(0)
    office = arrive("lead_office")
    sign(office, home, "农业农村部门签署", "已上报")
    for papers, link in (("", "下载得分明细表"), ("/report/", "下载 Word")):
        kept = download(office, home + papers, link)
        assert kept == download(perf, home + papers, link)
    assert "按实际收文日计算" in words_of(kept)


def sign(person: Person, home: str, button: str, status: str) -> None:
    """Read the sum, sign, and see where the assessment stands now."""
    person.open(home)
    person.follow("签署")
    person.sees("得分合计")
    person.press(button)
    person.sees(status)


def download(person: Person, page: str, link: str) -> bytes:
    """The file as the browser gets it."""
    person.open(page)
    with person.page.expect_download() as started:
        person.follow(link)
    return Path(started.value.path()).read_bytes()


def words_of(content: bytes) -> str:
    """All text in the tables and paragraphs of a Word file."""
    document = docx.Document(io.BytesIO(content))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join(one.text for one in (*document.paragraphs, *cells))
