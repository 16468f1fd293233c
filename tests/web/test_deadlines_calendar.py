"""The calendar of clocks as it stands on 20 March 2023."""

import re
from datetime import date

import pytest

from tests.client import Client
from tests.clocks import approve, arrive

ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def rows(page: str, word: str) -> list[str]:
    return [
        " ".join(re.sub("<[^>]+>", " ", row).split()) for row in ROW.findall(page) if word in row
    ]


def test_an_open_clock_shows_days_rest_points_and_the_document(client: Client) -> None:
    """Document 91, received on 7 February: due on 24 March, four days from today."""
    document = arrive("哈财指(农)〔2023〕91号", date(2023, 2, 7), wan=386)
    page = client.sign_in("finance_agri").get("/deadlines/").text
    [row] = rows(page, "尚有")
    assert row.startswith(
        "剩 4 天 哈财指(农)〔2023〕91号 尚有 386.00 万元未落实 2023-03-24 41 / 45 自然日"
    )
    assert "41 天 ≤ 45 天：5" in row
    assert f'href="/funds/{document}"' in page


@pytest.mark.parametrize(
    ("received", "approved", "working"),
    [
        (date(2022, 12, 15), date(2022, 12, 30), "15 天 ≤ 45 天：5"),
        (date(2022, 12, 15), date(2023, 2, 6), "53 天 &gt; 45 天：5 ×（60−53）÷15 = 2.33"),
        (date(2023, 1, 4), date(2023, 2, 6), "33 天 ≤ 45 天：5"),
        (date(2023, 1, 20), date(2023, 3, 11), "50 天 &gt; 45 天：5 ×（60−50）÷15 = 3.33"),
    ],
)
def test_a_closed_clock_shows_its_arithmetic(
    client: Client, received: date, approved: date, working: str
) -> None:
    approve(arrive("甲1号", received), approved)
    page = client.sign_in("finance_agri").get(f"/deadlines/?month={approved:%Y-%m}").text
    assert working in page
    assert f"{approved} 办完" in page


def test_overdue_comes_before_near_before_later(client: Client) -> None:
    arrive("近期1号", date(2023, 2, 7))
    arrive("从容1号", date(2023, 3, 1))
    arrive("超期1号", date(2023, 1, 20))
    page = client.sign_in("approver").get("/deadlines/").text
    listed = [re.search("..1号", row).group() for row in rows(page, "尚有")]
    assert listed == ["超期1号", "近期1号", "从容1号"]
    assert "逾期 14 天" in page


def test_the_month_is_in_the_address(client: Client) -> None:
    arrive("甲1号", date(2023, 2, 7))
    client.sign_in("finance_agri")
    march = client.get("/deadlines/").text
    assert "2023年3月" in march
    assert "24 " in rows(march, 'class="day">24<')[0]
    assert 'href="/deadlines/?month=2023-02"' in march
    assert 'href="/deadlines/?month=2023-04"' in march
    assert "2022年12月" in client.get("/deadlines/?month=2022-12").text


@pytest.mark.parametrize("month", ["", "2023", "2023-13", "x" * 300, "9999-12", "0001-01"])
def test_d9_an_absurd_month_is_this_month(client: Client, month: str) -> None:
    page = client.sign_in("finance_agri").get("/deadlines/", query_string={"month": month})
    assert page.status_code == 200
    assert "2023年3月" in page.text


def test_the_rules_are_explained_with_their_basis(client: Client) -> None:
    page = client.sign_in("auditor").get("/deadlines/").text
    [rule] = rows(page, "黑财农〔2021〕185号考核指标3")
    assert "收到资金文件 → 全部落实到项目并批复 45 个自然日" in rule
    assert "财政农业股、领导小组办公室：到期前 15、7、3、1 天、当天、逾期后每天" in rule
    assert "剩 3 天起加领导小组审定人" in rule


def test_b2_another_county_s_clocks_are_not_there(client: Client) -> None:
    arrive("邻县1号", date(2023, 2, 7), county="other")
    assert "邻县1号" not in client.sign_in("finance_agri").get("/deadlines/").text
    assert "邻县1号" in client.sign_in("foreigner").get("/deadlines/").text


def test_a_village_clerk_sees_the_clock_without_a_link_to_the_money(client: Client) -> None:
    arrive("甲1号", date(2023, 2, 7))
    page = client.sign_in("village_clerk").get("/deadlines/").text
    assert "甲1号" in page
    assert 'href="/funds/' not in page
