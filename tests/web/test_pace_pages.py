"""The pages of 支出进度: figures with their rows, the chart, frozen figures and what has changed since."""

import hashlib
import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.funds.models import FundDocument
from portal.library.models import Project
from portal.pace.models import Snapshot
from tests import closings, ledger
from tests.client import Client
from tests.world import World

JULY = date(2023, 7, 15)
DECEMBER = date(2023, 12, 25)


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


@pytest.fixture
def money(world: World, client: Client) -> None:
    """阿城's year, seen on 25 December."""
    document = ledger.add_document(world, "哈财指〔2023〕8号", "4950.68")
    project = ledger.add_project(world, budget="4950.68")
    closings.place(world, document, project, "4950.68")
    for amount, day in (
        ("2713.55", JULY),
        ("1364.26", date(2023, 10, 15)),
        ("631.96", DECEMBER),
    ):
        closings.pay(world, document, project, amount, day)
    client.app.config["STANDING_DAY"] = DECEMBER


@pytest.mark.usefixtures("money")
def test_the_page_names_figures_rate_and_pace(client: Client) -> None:
    page = words(client.sign_in("auditor").get("/pace/").text)
    assert "到位 4950.68 万元" in page
    assert "已支付 4709.77 万元 占到位 95.13%" in page
    assert "未支付 240.91 万元" in page
    assert "支出 95.13%，序时进度 98.36% 低于序时 差 3.23 个百分点" in page


@pytest.mark.usefixtures("money")
@pytest.mark.parametrize(
    ("method", "pace", "verdict"),
    [
        ("day", "53.70%", "达到序时 快 1.11 个百分点"),
        ("half_month", "54.17%", "达到序时 快 0.64 个百分点"),
        ("month_end", "58.33%", "低于序时 差 3.52 个百分点"),
    ],
)
def test_the_reading_of_the_pace_is_chosen_in_the_address(
    client: Client, method: str, pace: str, verdict: str
) -> None:
    client.sign_in("finance_agri")
    page = words(client.get(f"/pace/?year=2023&day=2023-07-15&method={method}").text)
    assert f"支出 54.81%，序时进度 {pace} {verdict}" in page


@pytest.mark.usefixtures("money")
def test_the_table_beside_the_chart_says_what_the_chart_shows(client: Client) -> None:
    html = client.sign_in("lead_office").get("/pace/").text
    page = words(html)
    assert "07-15 7月中旬 2713.55 54.81% 53.70% +1.11" in page
    assert "10-15 10月中旬 4077.81 82.37% 78.90% +3.47" in page
    [actual] = re.findall(r'<polyline class="actual" points="([^"]+)"', html)
    assert actual.endswith("983.6,48.7"), "95.13 % of the height on 25 December"
    assert "style=" not in html


@pytest.mark.usefixtures("money")
def test_each_paid_amount_leads_to_its_postings(client: Client, world: World) -> None:
    html = client.sign_in("finance_agri").get("/pace/?day=2023-10-20").text
    for narrowed in ("document=1", "tier=central", f"unit={world.ids['jia']}"):
        [address] = {
            link for link in re.findall(r'href="(/pace/postings[^"]*)"', html) if narrowed in link
        }
        rows = words(client.get(address.replace("&amp;", "&")).text)
        assert "2 笔，共 4077.81 万元" in rows
        assert "2023-07-15 2713.55" in rows
        assert "2023-12-25" not in rows


@pytest.mark.usefixtures("money")
def test_projects_of_one_unit(client: Client, world: World) -> None:
    client.sign_in("town_reviewer")
    page = words(client.get(f"/pace/projects?unit={world.ids['jia']}").text)
    assert "甲镇 4950.68 4709.77 240.91 95.13%" in page
    other = client.get(f"/pace/projects?unit={world.ids['yi']}").text
    assert "还没有给项目安排资金" in other


@pytest.mark.usefixtures("money")
def test_the_age_of_the_rest(client: Client) -> None:
    page = words(client.sign_in("finance_agri").get("/pace/").text)
    assert "1年以内 4950.68 4709.77 95.13%" in page
    assert (
        "哈财指〔2023〕8号 2023 240.91 1年以内 2024-01-01 还有 7 天 2025-01-01 还有 373 天" in page
    )


@pytest.mark.parametrize(
    "query", ["?year=1900&day=9999-01-01&method=x", "?day=2023-02-30", "?page=-5"]
)
def test_an_address_without_sense_shows_today(client: Client, query: str) -> None:
    client.sign_in("finance_agri")
    for path in ("/pace/", "/pace/projects", "/pace/postings"):
        assert client.get(path + query).status_code == 200


@pytest.mark.usefixtures("money")
def test_another_countys_money_is_not_seen(client: Client) -> None:
    client.sign_in("foreigner")
    assert "没有支出进度" in client.get("/pace/").text
    page = words(client.get("/pace/postings?document=1&year=2023").text)
    assert "0 笔" in page
    assert "哈财指" not in page


@pytest.mark.usefixtures("money")
def test_figures_are_frozen_with_a_reason_and_stay(client: Client, world: World) -> None:
    client.sign_in("finance_agri")
    bare = client.post("/pace/snapshots/", {"fund_year": "2023", "day": "2023-10-15", "reason": ""})
    assert bare.status_code == 422
    late = client.post(
        "/pace/snapshots/", {"fund_year": "2023", "day": "2023-12-26", "reason": "报送"}
    )
    assert "日期 2023-12-26 还没有到" in late.text
    done = client.post(
        "/pace/snapshots/", {"fund_year": "2023", "day": "2023-10-15", "reason": "报送进度"}
    )
    assert done.status_code == 303
    page = client.get(done.location).text
    assert "没有不同" in page
    file = client.get(f"{done.location}/file")
    snapshot = db.session.scalars(sa.select(Snapshot)).one()
    assert hashlib.sha256(file.data).hexdigest() == snapshot.sha256

    _book_late(world)
    after = words(client.get(done.location).text)
    assert "全年 已付 4077.81 4072.81 -5.00" in after
    assert "补登到这一天或以前的支付、冲销（1 笔）" in after
    assert client.get(f"{done.location}/file").data == file.data


def _book_late(world: World) -> None:
    document, project = (db.session.scalars(sa.select(m)).one() for m in (FundDocument, Project))
    closings.pay(world, document, project, 5, date(2023, 10, 12), back=True)


@pytest.mark.usefixtures("money")
def test_two_snapshots_are_compared(client: Client) -> None:
    client.sign_in("finance_agri")
    first, second = (
        client.post(
            "/pace/snapshots/", {"fund_year": "2023", "day": day, "reason": "报送"}
        ).location
        for day in ("2023-07-15", "2023-10-15")
    )
    page = words(client.get(f"{first}?other={second.rsplit('/')[-1]}").text)
    assert "同截至 2023-10-15 的一份比" in page
    assert "责任单位：甲镇 已付 2713.55 4077.81 +1364.26" in page


@pytest.mark.usefixtures("money")
def test_who_only_reads_takes_no_snapshot(client: Client) -> None:
    client.sign_in("auditor")
    assert "现在固定一份" not in client.get("/pace/snapshots/").text
    refused = client.post("/pace/snapshots/", {"fund_year": "2023", "day": "2023-07-15"})
    assert refused.status_code == 403
