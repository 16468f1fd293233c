"""What a phone downloads on a first visit, what share services and other machines read, and what waits."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from published import Published, published
from test_pages import links
from trees import page, tree

from public_site import build
from public_site.names import blob_name
from public_site.schema import Achieved, Evaluation, File, Photo

LIMIT = 100 * 1024
JPEG, OTHER, PDF = b"\xff\xd8 before", b"\xff\xd8 after", b"%PDF-1.7 a paper"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a whole year: 500 projects in 20 townships, one of them told in full."""
    data = published(500)
    tell_in_full(data)
    build(data, tmp_path_factory.mktemp("year") / "public")
    return tmp_path_factory.getbasetemp() / "year0" / "public"


def tell_in_full(data: Published) -> None:
    """Everything that a project and a notice can show."""
    photos = []
    for number, content in enumerate((JPEG, OTHER)):
        name = blob_name("photos", content, "jpg")
        data.blobs[name] = content
        photos.append(Photo(name, date(2024, 3, 1 + number), number * 100, "", 1600, 1200))
    paper = blob_name("files", PDF, "pdf")
    data.blobs[paper] = PDF
    results = (
        Achieved("数量指标", "续建烘干塔", "≥1座", "1座"),
        Achieved("质量指标", "验收合格率", "=100%", ""),
    )
    data.change_project(
        "p-000003",
        photos=tuple(photos),
        evaluation=Evaluation(2024, "97.50", "优", results),
        implementing_unit="某村股份经济合作社",
        contracted=49_000_000,
        settled=48_000_000,
    )
    data.change_notice("n-00000", files=(File(paper, "分配表", 1_300_000),))


@pytest.mark.parametrize(
    "path", ["index.html", "projects/p-000003.html", "notices/n-00000.html", "places/t03.html"]
)
def test_a_first_visit_stays_below_100_kilobytes(year: Path, path: str) -> None:
    html = page(year, path)
    lazy = re.findall(r'<img src="([^"]+)"[^>]*loading="lazy"', html)
    assert len(lazy) == html.count("<img")
    asked = {
        link for link in links(path, html) if link.startswith(("assets/", "data/")) and "." in link
        and not re.search(r'<a [^>]*href="[^"]*' + re.escape(link), html)
    }  # fmt: skip
    assert {"assets/site.css", "assets/print.css", "assets/site.js", "assets/icon.svg"} <= asked
    assert sum((year / name).stat().st_size for name in {path, *asked}) < LIMIT


def test_no_script_holds_up_a_page(year: Path) -> None:
    for path, content in tree(year).items():
        if path.endswith(".html"):
            scripts = re.findall("<script[^>]*>", content.decode())
            assert scripts, path
            assert all(re.search(r"\b(defer|async)\b", script) for script in scripts), path
            assert 'assets/print.css" media="print"' in content.decode()


def test_photos_keep_their_place_and_say_what_they_show(year: Path) -> None:
    html = page(year, "projects/p-000003.html")
    images = re.findall(
        r'<img src="\.\./(photos/\w+\.jpg)" width="1600" height="1200"[^>]*alt="([^"]+)"', html
    )
    assert [(year / name).read_bytes() for name, _ in images] == [JPEG, OTHER]
    assert "2024年3月1日，工程完成0%" in images[0][1]
    assert html.index("最早") < html.index("最近")


def test_share_services_find_the_latest_photo_by_its_full_address(
    tmp_path: Path, year: Path
) -> None:
    assert "og:image" not in page(year, "projects/p-000003.html"), "no address is known"
    data = published(4)
    tell_in_full(data)
    web = "https://gongkai.example.gov.cn/xianjie"
    build(replace(data, site=replace(data.site, web_address=web)), tmp_path / "public")
    latest = blob_name("photos", OTHER, "jpg")
    meta = f'<meta property="og:image" content="{web}/{latest}">'
    assert meta in page(tmp_path / "public", "projects/p-000003.html")
    assert "og:image" not in page(tmp_path / "public", "projects/p-000002.html")


def test_a_project_tells_its_money_its_result_and_who_does_it(year: Path) -> None:
    html = page(year, "projects/p-000003.html")
    steps = re.findall(r"<dt>(\w+)</dt><dd>([\d.]+)<small>", html)
    assert steps == [("计划投入", "50.00"), ("已安排资金", "50.00"), ("合同", "49.00"),
                     ("已支付", "43.00"), ("结算", "48.00")]  # fmt: skip
    assert "占合同97.96%" in html
    assert "<b>97.50</b> 分，等级 <b>优</b>" in html
    assert re.findall('data-label="实际完成">(.+?)<', html) == ["1座", "没有填报"]
    assert "<dt>实施单位</dt><dd>某村股份经济合作社</dd>" in html
    plain = page(year, "projects/p-000004.html")
    assert "合同" not in re.sub("签订合同", "", plain)
    assert "实施单位" not in plain
    assert "<figure>" not in plain


def test_an_attached_file_says_its_kind_and_size(year: Path) -> None:
    html = page(year, "notices/n-00000.html")
    assert re.search(
        r'<a href="\.\./files/\w+\.pdf" download>分配表</a> <span class="sub">PDF，1\.3 MB', html
    )


def test_pages_carry_the_marks_that_government_sites_are_read_by(tmp_path: Path) -> None:
    data = published(3)
    build(replace(data, site=replace(data.site, site_code="2301120000")), tmp_path / "public")
    html = page(tmp_path / "public", "notices/n-00000.html")
    marks = dict(re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', html))
    assert marks == {
        "SiteName": "某县衔接资金公开",
        "SiteIDCode": "2301120000",
        "ColumnName": "公告公示",
        "ArticleTitle": data.notice_rows[0].title,
        "PubDate": "2024-03-15",
        "ContentSource": "某县农业农村局",
    }
    build(data, tmp_path / "plain")
    for path, content in tree(tmp_path / "plain").items():
        if path.endswith(".html"):
            assert 'content=""' not in content.decode(), path
            assert "SiteIDCode" not in content.decode()


def test_the_words_a_villager_asks_for_are_explained(site: Path) -> None:
    html = page(site, "glossary.html")
    for word in (
        "到位",
        "分解下达",
        "落实到项目",
        "安排",
        "支出、支付",
        "结余",
        "结转",
        "公告",
        "公示",
        "验收",
        "联农带农",
    ):
        assert f"<dt>{word}</dt>" in html
