"""Posters as PDF: size, text, fonts, the QR code as a phone reads it, and what must not get on them."""

import ctypes
import shutil
import subprocess
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pypdfium2 as pdfium
import pytest
import zxingcpp
from pypdfium2 import raw

from portal.boards import printing
from portal.db import db, unit_of_work
from portal.implementation.models import Acceptance
from portal.library.models import Project
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import AcceptanceLevel, NoticeLevel, NoticeStage
from tests import ledger, publishing, works

SITE = "https://fund.county.gov.cn"
DAY = ledger.TODAY
SIZES = {"a4": (210, 297), "a3": (297, 420)}
MM = 25.4 / 72
SCALE = 3
PLANNED = {
    "responsible_unit": "甲镇人民政府",
    "implementing_unit": "东村村民委员会",
    "tasks": "硬化道路 2 公里",
    "beneficiaries": "脱贫户 12 户 27 人",
    "benefit_linkage": "用工优先本村人",
    "goal": "方便 60 户出行",
    "start_on": date(2023, 4, 10),
    "finish_on": date(2023, 10, 31),
    "central_amount": ledger.wan(100),
    "responsible_person": "李某某",
    "responsible_phone": "13800138000",
}


def write(project, **facts):
    with unit_of_work(SYSTEM, "test"):
        found = db.session.get_one(Project, project.id)
        for name, value in facts.items():
            setattr(found, name, value)


@pytest.fixture
def published(app, world):
    """A project with a page on the public site."""
    app.config["SITE_URL"] = SITE
    _document, project, item = publishing.published_result(world)
    write(project, **PLANNED)
    return project, item


def hung(project, stage=NoticeStage.START, level=NoticeLevel.VILLAGE):
    notice = works.add_completion_notice(project, DAY, DAY + timedelta(10), level, stage=stage)
    return f"/boards/{project.id}/notices/{notice.id}/poster"


def pages(client, address):
    answer = client.sign_in("town_reviewer").get(f"{address}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return list(pdfium.PdfDocument(answer.data))


def text_of(page):
    return page.get_textpage().get_text_range().replace("\r\n", "")


def fonts_of(page):
    """Name of each font on the page, and whether its outlines lie in the file."""
    found = set()
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font, name = raw.FPDFTextObj_GetFont(thing.raw), bytearray(200)
        buffer = (ctypes.c_char * 200).from_buffer(name)
        raw.FPDFFont_GetBaseFontName(font, buffer, 200)
        found.add((name.split(b"\0")[0].decode(errors="replace"), raw.FPDFFont_GetIsEmbedded(font)))
    return found


def code_on(page):
    """What a phone reads from the page, and the width of the code itself in millimetres."""
    found = zxingcpp.read_barcodes(page.render(scale=SCALE).to_pil())
    assert len(found) == 1
    corners = found[0].position
    return found[0].text, (corners.top_right.x - corners.top_left.x) / SCALE * MM


@pytest.mark.parametrize("size", SIZES)
def test_a_poster_fits_its_paper_and_is_read_by_people_and_phones(client, published, size):
    project, _item = published
    (page,) = pages(client, f"{hung(project)}/{size}")
    assert tuple(round(side * MM) for side in page.get_size()) == SIZES[size]
    text = text_of(page)
    for words in (
        *("项目实施前公示", "项目名称", project.name, "资金来源", "中央衔接资金 100.00 万元"),
        *("建设内容", "硬化道路 2 公里", "实施期限", "2023年4月10日至2023年10月31日", "绩效目标"),
        *("方便 60 户出行", "实施单位：东村村民委员会", "责任单位：甲镇人民政府", "用工优先本村人"),
        *(
            "公示期",
            "2023年3月20日至2023年3月30日",
            "受理单位",
            "12317",
            "地址",
            "第 1 页，共 1 页",
        ),
    ):
        assert words in text, words
    for person in ("李某某", "13800138000"):
        assert person not in text
    fonts = fonts_of(page)
    assert fonts
    assert all(embedded for _name, embedded in fonts), fonts
    address, width = code_on(page)
    assert address == f"{SITE}/projects/{project.code}.html"
    assert width >= 30


def test_a_very_long_text_runs_onto_a_clean_second_page(client, published):
    project, _item = published
    write(project, tasks="\n".join(f"第{n}段道路硬化，宽三米五，厚二十厘米" for n in range(35)))
    first, second = pages(client, f"{hung(project)}/a4")
    assert "第 1 页，共 2 页" in text_of(first)
    rest = text_of(second)
    assert "第34段道路硬化" in rest
    assert "受理单位" in rest
    assert code_on(second)[0].endswith(f"{project.code}.html")


def test_a_completion_poster_tells_money_works_acceptance_and_price(client, world, published):
    project, _item = published
    works.add_contract(
        project,
        98,
        settlement_amount=ledger.wan(96),
        settled_on=date(2023, 3, 10),
        settled_by="某所",
    )
    works.add(
        Acceptance,
        project,
        level=AcceptanceLevel.COUNTY,
        accepted_on=date(2023, 3, 8),
        passed=True,
        actor_id=1,
        actor_name="某人",
    )
    (page,) = pages(client, f"{hung(project, NoticeStage.COMPLETION, NoticeLevel.TOWNSHIP)}/a4")
    text = text_of(page)
    for words in (
        *(
            "项目竣工公示",
            "安排衔接资金 100.00 万元",
            "已支付 0.00 万元",
            "县级验收：2023年3月8日通过",
        ),
        *("结算价 96.00 万元", "绩效目标实现", "方便 60 户出行"),
    ):
        assert words in text, words


def test_the_countys_notice_is_a_poster_too(client, published):
    project, item = published
    page, *_more = pages(client, f"/boards/items/{item.id}/poster/a3")
    assert item.title in text_of(page)
    assert project.name in text_of(page)
    assert code_on(page)[0] == f"{SITE}/notices/{item.code}.html"


@pytest.mark.parametrize(
    ("site", "why"), [("", "还没有登记公开网站的地址"), (SITE, "还没有公开网页")]
)
def test_without_a_public_page_there_is_no_code_and_a_line_says_why(app, client, world, site, why):
    app.config["SITE_URL"] = site
    address = f"{hung(ledger.add_project(world))}/a4"
    page = client.sign_in("village_clerk").get(address).text
    assert why in page
    assert "<svg" not in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"beneficiaries": "联系人 13800138000"}, "“受益对象和联农带农机制”里有手机号138"),
        ({"tasks": "身份证 11010519491231002X"}, "“建设内容”里有身份证号110"),
    ],
)
def test_a_private_number_stops_the_poster_and_its_place_is_named(client, published, facts, words):
    project, _item = published
    write(project, **facts)
    address = f"{hung(project)}/a4"
    client.sign_in("town_reviewer")
    for answer in (client.get(address), client.get(f"{address}.pdf")):
        assert answer.status_code == 422
        assert words in answer.text
        assert "0138000" not in answer.text


def test_a_draft_is_no_poster(client, world):
    item = publishing.announce(world)
    answer = client.sign_in("lead_office").get(f"/boards/items/{item.id}/poster/a4")
    assert answer.status_code == 422
    assert "“已公开”的内容才能打印海报" in answer.text


def test_without_weasyprint_the_browser_prints(client, published, monkeypatch):
    project, _item = published
    monkeypatch.setattr(printing, "_weasyprint", lambda: None)
    address = f"{hung(project)}/a4"
    page = client.sign_in("village_clerk").get(address).text
    assert "用浏览器打印" in page
    assert "下载 PDF" not in page
    assert "用浏览器打印" in client.get(f"{address}.pdf").text


@contextmanager
def listening():
    """A web server of this machine, and what was asked of it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.usefixtures("app")
def test_the_printer_fetches_nothing_from_network_or_disk(tmp_path):
    (tmp_path / "secret.txt").write_text("geheim" * 50)
    secret = (tmp_path / "secret.txt").as_uri()
    with listening() as (address, asked):
        page = (
            f'<link rel="attachment" href="{secret}"><link rel=stylesheet href="{address}/a.css">'
            f'<img src="{address}/a.png"><img src="{secret}"><p>正文</p>'
        )
        made = printing.pdf_of(page, f'p {{ background: url("{address}/b.png") }}')
    assert asked == []
    document = pdfium.PdfDocument(made)
    assert document.count_attachments() == 0
    assert text_of(document[0]) == "正文"


def test_the_county_lays_its_own_fonts_into_the_instance_folder(app, client, published):
    folder = app.config["INSTANCE"] / "fonts"
    folder.mkdir()
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", "Noto Sans CJK SC"],
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.copy(found.stdout, folder / f"方正小标宋简体{Path(found.stdout).suffix}")
    (folder / "说明.txt").write_text("不是字体")
    assert list(printing.font_files()) == ["方正小标宋简体"]
    (page,) = pages(client, f"{hung(published[0])}/a4")
    names = {name for name, _embedded in fonts_of(page)}
    assert any("方正小标宋" in name for name in names), names


@pytest.mark.parametrize("count", range(19, 28, 2))
def test_the_signature_is_never_without_the_last_lines(client, world, count):
    """Whatever the length: where to object, who signs and the end of the text share a page."""
    body = "\n".join(f"第{number}段，张贴在公开栏。" for number in range(1, count + 1))
    item = publishing.publish(world, publishing.announce(world, body=body))
    *_earlier, last = map(text_of, pages(client, f"/boards/items/{item.id}/poster/a4"))
    for words in (f"第{count}段", "受理单位", "地址", "2023年3月20日"):
        assert words in last
