"""What a visitor finds on the pages."""

import posixpath
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from published import Published, published
from trees import page, tree, unpacked

from public_site import build
from public_site.list_pages import LONG
from public_site.schema import Allocation, Correction, Event, Payment, Withdrawn

LINKS = re.compile(r'(?:href|src)="([^"]*)"')


def links(path: str, html: str) -> list[str]:
    """The files that a page points to."""
    found = [urlsplit(link) for link in LINKS.findall(html) if not link.startswith(("#", "tel:"))]
    return [posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(link.path)))
            for link in found]  # fmt: skip


def test_every_link_leads_to_a_file_of_the_site(site: Path):
    files = tree(site)
    for path, content in files.items():
        if path.endswith(".html"):
            missing = [link for link in links(path, content.decode()) if link not in files]
            if path == "404.html":  # shown at any depth, so it tries each way up
                missing = [link for link in missing if not link.startswith("../")]
            assert not missing, f"{path} points to {missing}"


def test_p6_no_page_names_an_absolute_address(site: Path):
    for path, content in tree(site).items():
        if path.endswith(".html"):
            found = [
                link for link in LINKS.findall(content.decode()) if re.match("[a-z]+:|/", link)
            ]
            assert all(link.startswith("tel:") for link in found), path


def test_every_page_is_valid_html_and_every_anchor_is_there(site: Path):
    parser = html5lib.HTMLParser(strict=True)
    pages = [path for path in tree(site) if path.endswith(".html")]
    assert len(pages) >= 300
    ids: dict[str, list[str]] = {}
    anchors: list[tuple[str, str, str]] = []
    for path in pages:
        document: Element = parser.parse(page(site, path))
        assert document.get("lang") == "zh-CN"
        ids[path] = [one.get("id", "") for one in document.iter() if one.get("id")]
        assert len(ids[path]) == len(set(ids[path])), f"{path} has an id twice"
        for link in (urlsplit(one.get("href", "")) for one in document.iter()):
            if link.fragment:
                there = posixpath.join(posixpath.dirname(path), link.path) if link.path else path
                anchors.append((path, posixpath.normpath(there), link.fragment))
    assert ("data/index.html", "data/fields.html", "payments") in anchors
    lost = [one for one in anchors if one[2] not in ids[one[1]]]
    assert not lost


def test_a_villager_reaches_the_project_by_links_alone(site: Path):
    steps = ["index.html", "places/index.html", "places/t03.html", "places/t03-v0.html",
             "projects/p-000003.html"]  # fmt: skip
    for here, there in pairwise(steps):
        assert there in links(here, page(site, here)), f"{here} does not lead to {there}"


def test_every_page_has_one_title_and_one_h1(site: Path):
    for path in tree(site):
        if path.endswith(".html"):
            html = page(site, path)
            head = html.partition("</head>")[0]  # a picture may have titles of its own
            assert (head.count("<title>"), html.count("<h1>")) == (1, 1), path
            assert 'property="og:title"' in html


def test_days_over_the_limit_are_shown_as_they_are(tmp_path: Path):
    data = published(3)
    data.change_fund("f-00000-a", days=53, allocated_on=date(2024, 2, 26))
    data.change_fund("f-00000-b", days=15, allocated_on=date(2024, 1, 19))
    build(data, tmp_path / "public")
    for path in ("funds/f-00000-a.html", "funds/index.html", "years/2024/index.html"):
        assert "53天，超过45天期限8天" in page(tmp_path / "public", path)
    assert "15天，在45天期限内" in page(tmp_path / "public", "funds/f-00000-b.html")


def test_a_document_that_waits_shows_its_days_so_far(tmp_path: Path):
    data = published(3)
    data.change_fund("f-00000-a", days=None, allocated_on=None)
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "funds/f-00000-a.html")
    assert "截至2024年3月20日已经76天，期限45天" in html


def test_the_totals_of_a_fund_add_up_to_its_amount(tmp_path: Path):
    data = published(3)
    data.change_fund("f-00000-a", amount=100_000_000, allocated=95_000_000)
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "funds/f-00000-a.html")
    amounts = re.findall(r'<td class="num" data-label="安排（万元）">([\d.]+)</td>', html)
    assert amounts == ["30.00", "30.00", "30.00", "5.00", "5.00"]
    assert '<td class="num" data-label="文件金额（万元）">100.00</td>' in html


def test_money_of_a_document_that_is_not_public_yet_is_still_told(tmp_path: Path):
    data = published(3)
    data.allocation_rows = [one for one in data.allocation_rows if one.project_code != "p-000001"]
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "projects/p-000001.html")
    assert "还没有安排资金" not in html
    told = r"还没有公开的文件</th><td></td><td></td><td [^>]+>([\d.]+)<"
    assert re.findall(told, html) == ["50.00"]


def test_a_projects_page_tells_the_works_and_each_payment_by_day(tmp_path: Path):
    data = published(3)
    events = (Event("签订合同", date(2024, 3, 10)), Event("完工"))
    data.change_project("p-000001", events=events, status="实施中", progress=60)
    data.pay(Payment("p-000001", "f-00000-a", date(2024, 3, 18), "进度款", -500_000))
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "projects/p-000001.html")
    steps = re.findall(r"<b>(.+?)</b> <span>(.+?)</span>(?:<p>(.+?)</p>)?", html)
    assert steps == [
        ("支付预付款", "2024-03-06", "9.00万元"),
        ("签订合同", "2024-03-10", ""),
        ("支付进度款", "2024-03-15", "34.00万元"),
        ("退回进度款", "2024-03-18", "0.50万元"),
        ("完工", "未到", ""),
    ]
    assert "工程完成60%" in html
    assert '42.50<small>万元</small></dd><dd class="sub">占已安排85.00%' in html


def test_money_taken_back_is_a_negative_line(tmp_path: Path):
    data = published(3)
    data.allocation_rows.append(Allocation("f-00000-a", "p-000001", -500_000, date(2024, 3, 19)))
    data.change_project("p-000001", allocated=49_500_000)
    data.change_fund("f-00000-a", allocated=89_500_000)
    build(data, tmp_path / "public")
    for path in ("projects/p-000001.html", "funds/f-00000-a.html"):
        html = page(tmp_path / "public", path)
        assert 'badge wait">调减</span>' in html
        assert ">-0.50</td>" in html
    assert ">49.50</td>" in page(tmp_path / "public", "projects/p-000001.html")


def test_a_documents_page_adds_its_payments_up_by_month(tmp_path: Path):
    data = published(2)
    data.pay(Payment("p-000001", "f-00000-b", date(2024, 2, 1), "预付款", 1_000_000))
    data.change_fund("f-00000-b", paid=38_500_000)
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "funds/f-00000-b.html")
    cells = re.findall(r'scope="row">(.+?)</th><td class="count">(\d+)笔</td>'
                       r'<td class="num" data-label="当月">(.+?)</td>'
                       r'<td class="num" data-label="累计">(.+?)</td>', html)  # fmt: skip
    assert cells == [("2024-02", "1", "1.00", "1.00"), ("2024-03", "2", "36.00", "37.00")]
    assert 'data-label="已支付">1.50</td>' in html, "what was paid on projects that are not public"


def test_the_annual_plan_is_added_up_by_category_and_township(tmp_path: Path):
    data = published(3)
    data.change_project("p-000000", finished=True, status="已完工")
    build(data, tmp_path / "public")
    for path in ("index.html", "years/2024/index.html", "projects/index.html"):
        html = page(tmp_path / "public", path)
        assert re.search(
            '129.00<small>万元</small>(</a>)?</dd><dd class="sub">占已安排86.00%', html
        )
    for path in ("years/2024/index.html", "projects/index.html"):
        html = page(tmp_path / "public", path)
        assert '<td class="count" data-label="完工">1/1个</td>' in html
        assert '<td class="count" data-label="完工">1/3个</td>' in html


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 3, 14), "还没有开始"),
        (date(2024, 3, 15), "今天张贴，共10天"),
        (date(2024, 3, 20), "公示中，还剩5天"),
        (date(2024, 3, 20), "第5天，共10天"),
        (date(2024, 3, 25), "今天截止，共10天"),
        (date(2024, 3, 26), "已结束"),
    ],
)
def test_a_public_notice_counts_its_days(tmp_path: Path, day: date, words: str):
    data = replace(published(3), day=day)
    build(data, tmp_path / "public")
    assert words in page(tmp_path / "public", "notices/n-00000.html")
    open_now = date(2024, 3, 15) <= day <= date(2024, 3, 25)
    assert ("正在公示，可以提意见" in page(tmp_path / "public", "index.html")) == open_now


def test_a_correction_leaves_its_trace(tmp_path: Path):
    data = published(3)
    correction = Correction(date(2024, 3, 17), "第3个项目的村名写错，已改正。")
    data.change_notice("n-00000", corrections=(correction,))
    build(data, tmp_path / "public")
    html = page(tmp_path / "public", "notices/n-00000.html")
    assert "2024年3月17日更正：第3个项目的村名写错，已改正。" in html


def test_p5_what_is_withdrawn_leaves_a_tombstone_and_nothing_else(tmp_path: Path):
    data, out = published(3), tmp_path / "public"
    build(data, out)
    title = data.notice_rows[0].title
    assert title in page(out, "notices/n-00000.html")
    data.notice_rows = []
    data.withdrawn_rows = [Withdrawn("notices", "n-00000", date(2024, 3, 18), "含有个人信息")]
    build(data, out)
    html = page(out, "notices/n-00000.html")
    assert '<meta name="robots" content="noindex">' in html
    assert "含有个人信息" in html
    for path, content in tree(out).items():
        inside = unpacked(content) if path.endswith(".xlsx") else content.decode()
        assert title not in inside, path


def test_what_was_never_published_has_no_page(site: Path):
    assert not (site / "projects/p-999999.html").exists()
    assert "没有这个页面" in page(site, "404.html")


def test_a_long_list_goes_on_on_further_pages(tmp_path: Path):
    data = published(LONG * 3 + 30)
    build(data, tmp_path / "public")
    first = page(tmp_path / "public", "notices/year/2024.html")
    assert "第1页" not in first
    html = page(tmp_path / "public", "projects/2024/industry.html")
    assert html.count('<th scope="row"><a') == 167
    county = published(LONG + 5)
    for code in [row.code for row in county.project_rows]:
        county.change_project(code, township_code=None, village_codes=())
    build(county, tmp_path / "wide")
    assert "第1页，共2页" in page(tmp_path / "wide", "places/county.html")
    assert page(tmp_path / "wide", "places/county/2.html").count('<th scope="row"><a') == 5


def test_empty_footer_facts_are_not_shown(tmp_path: Path, data: Published, site: Path):
    assert "备案号" not in page(site, "index.html")
    shown = replace(data, site=replace(data.site, icp="黑ICP备00000000号"))
    build(shown, tmp_path / "public")
    assert "ICP备案号：黑ICP备00000000号" in page(tmp_path / "public", "about.html")
