"""A year at a glance: the picture of its money, and the rows behind every number."""

import re
from collections import deque
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from published import Published, published
from test_pages import links
from trees import page, tree

from public_site import build
from public_site.flow import HIDDEN, WAITING, Stream, cross, streams
from public_site.flow_picture import ROWS, Label, Picture, picture
from public_site.inventory import Inventory
from public_site.release import Releases
from public_site.schema import Allocation, Withdrawn

WAN = 1_000_000
TILE = re.compile(r'<dt>(.+?)</dt><dd><a href="(.+?)">(.+?)<small>')


def _streams(data: Published, out: Path) -> list[Stream]:
    build(data, out)
    return streams(data.funds(), Inventory.of_release(Releases(out).inventory_of(1)))


def _picture(found: list[Stream]) -> Picture:
    def label(name: str) -> Label:
        return Label(name, f"{name}.html")

    drawn = picture(found, label, label, label)
    assert drawn
    return drawn


def test_streams_hold_every_fen_of_the_documents(tmp_path: Path) -> None:
    data = published(3)
    data.change_fund("f-00000-a", amount=100 * WAN, allocated=95 * WAN)
    found = _streams(data, tmp_path / "public")
    assert sum(stream.amount for stream in found) == sum(row.amount for row in data.fund_rows)
    assert Stream("中央", HIDDEN, None, 5 * WAN) in found
    assert Stream("中央", WAITING, None, 5 * WAN) in found
    by_tier = cross(found, lambda stream: stream.tier)
    assert [name for name, _cells, _sum in by_tier.rows] == ["中央", "省级"]
    assert by_tier.rows[0][2] == 100 * WAN
    by_township = cross(found, lambda stream: stream.township)
    assert by_township.total == 150 * WAN
    assert by_township.columns == ["产业类项目", "基础设施类项目", "其他类项目"]


def test_money_that_was_taken_back_is_not_drawn_but_counted(tmp_path: Path) -> None:
    data = published(2)
    data.allocation_rows.append(Allocation("f-00000-a", "p-000001", -30 * WAN, date(2024, 3, 19)))
    data.change_project("p-000001", allocated=20 * WAN)
    data.change_fund("f-00000-a", allocated=30 * WAN)
    found = _streams(data, tmp_path / "public")
    assert Stream("中央", WAITING, None, 30 * WAN) in found
    assert not [one for one in found if one.tier == "中央" and one.township == "t01"]


def test_the_bars_of_each_column_are_as_high_as_the_money() -> None:
    found = [Stream("中央", "产业类项目", f"t{n:02}", (n + 1) * WAN) for n in range(ROWS + 5)]
    drawn = _picture(found)
    columns = {x: [bar for bar in drawn.bars if bar.x == x] for x in {bar.x for bar in drawn.bars}}
    heights = [sum(bar.height for bar in bars) for bars in columns.values()]
    assert max(heights) - min(heights) < ROWS * 0.6
    right = columns[max(columns)]
    assert len(right) == ROWS
    assert (right[0].name, right[-1].name) == (f"t{ROWS + 4}", "rest")
    assert right[-1].amount == "21.00", "the six smallest: 1 + 2 + 3 + 4 + 5 + 6"
    ends = [bar.y + bar.height for bar in drawn.bars]
    assert max(ends) <= drawn.height
    starts = sorted(bar.y for bar in right)
    assert all(later - earlier >= 30 for earlier, later in pairwise(starts))


def test_nothing_received_gives_no_picture(tmp_path: Path) -> None:
    data = published(2)
    data.fund_rows, data.allocation_rows, data.payment_rows = [], [], []
    for code in ("p-000000", "p-000001"):
        data.change_project(code, allocated=0, paid=0)
    data.notice_rows = [replace(row, fund_codes=()) for row in data.notice_rows]
    build(data, tmp_path / "public")
    for path in ("index.html", "years/2024/index.html"):
        assert "<svg" not in page(tmp_path / "public", path)


def test_the_picture_and_the_tables_show_the_same_numbers(site: Path) -> None:
    html = page(site, "index.html")
    drawn = re.findall(
        r'<a href="([^"]+)"><rect.+?<text[^>]*>(.+?)</text><text[^>]*>(.+?)</text>', html
    )
    assert len(drawn) == 2 + 3 + 13
    tables = html.partition("</svg>")[2]
    for address, name, amount in drawn:
        if name == "其他乡镇":
            continue
        assert f'<a href="{address}">{name}</a>' in tables
        assert f">{amount}<" in tables, (name, amount)


def test_every_number_of_the_home_page_leads_to_rows_that_add_up_to_it(site: Path) -> None:
    tiles = {
        name: (address, number) for name, address, number in TILE.findall(page(site, "index.html"))
    }
    assert tiles.keys() == {"到位", "安排到项目", "支付", "年度计划完工"}
    for address, number in tiles.values():
        path, _, anchor = address.partition("#")
        html = page(site, path)
        assert f'id="{anchor}"' in html
        assert re.search(f"[>/]{re.escape(number)}[</]", html.partition(f'id="{anchor}"')[2])
    rows = re.findall(r'href="\.\./\.\./(years/2024/t\d+\.html)">.+?data-label="已安排">(.+?)<',
                      page(site, "years/2024/index.html"))  # fmt: skip
    assert len(rows) == 20
    for path, amount in rows:
        assert (
            f'data-label="已安排（万元）">{amount}</td>' in page(site, path).partition("<tfoot>")[2]
        )


def test_every_list_is_at_most_three_steps_from_the_home_page(site: Path) -> None:
    files = tree(site)
    steps, waiting = {"index.html": 0}, deque(["index.html"])
    while waiting:
        here = waiting.popleft()
        for there in links(here, files[here].decode()):
            if there.endswith(".html") and there not in steps:
                steps[there] = steps[here] + 1
                waiting.append(there)
    folders = ("places/", "funds/", "projects/2", "years/", "notices/about")
    empty = "places/county.html"  # no project of this site is for the whole county
    lists = {path for path in files if path.startswith(folders)} - {empty}
    assert len(lists) > 250
    far = {path: steps.get(path) for path in lists if steps.get(path, 9) > 3}
    assert not far


def test_notices_are_sorted_by_what_they_are_about(tmp_path: Path) -> None:
    data = published(3)
    first = data.notice_rows[0]
    added = [("policy", "政策制度"), ("adjust", "资金项目调整"), ("mend", "问题整改"),
             ("score", "绩效评价结果"), ("calls", "监督举报办理"), ("odd", "别的")]  # fmt: skip
    data.notice_rows += [
        replace(first, code=code, category=category, title=f"关于{category}")
        for code, category in added
    ]
    data.withdrawn_rows = [Withdrawn("notices", "n-gone", date(2024, 3, 1), "写错")]
    out = tmp_path / "public"
    build(data, out)
    listed = re.compile(r'notices/([\w-]+)\.html">(?:关于|2024年第1批)').findall
    names = {
        subject: set(listed(page(out, f"notices/about/{subject}.html")))
        for subject in ("money", "changes", "results", "policies", "complaints")
    }
    assert names == {"money": {"n-00000", "odd"}, "changes": {"adjust", "mend"}, "results": {"score"},
                     "policies": {"policy"}, "complaints": {"calls"}}  # fmt: skip
    assert "资金项目调整与问题整改 <small>2条" in page(out, "notices/index.html")
    project = page(out, "projects/p-000001.html")
    assert "调整和原因" in project
    assert 'href="../notices/adjust.html"' in project.partition("调整和原因")[2]
