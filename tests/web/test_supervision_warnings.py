"""预警 on the pages: the list, the home page and who is shown what."""

from datetime import date

import pytest

from portal.rules.vocabulary import ChangeKind
from tests import closings, ledger, works
from tests.client import Client
from tests.world import World


@pytest.fixture
def cattle(world: World, client: Client) -> None:
    """S0: 1000 paid of 1400, the project on hold."""
    document = ledger.add_document(world, amount=1400)
    project = ledger.add_project(world, "和牛项目", 1400)
    closings.place(world, document, project, 1400)
    closings.pay(world, document, project, 1000, date(2023, 3, 20))
    works.add_change(project, ChangeKind.SUSPEND, date(2023, 3, 20))


@pytest.mark.usefixtures("cattle")
def test_the_list_names_figures_person_and_advice(client: Client) -> None:
    page = client.sign_in("auditor").get("/supervision/warnings").text
    assert "已付 1000.00 万元（安排 1400.00 万元的 71.43%），项目已于 2023-03-20 暂缓实施" in page
    assert "请核实资金去向，办理退回或恢复实施" in page
    assert "全部 3" in page
    narrowed = client.get("/supervision/warnings?rule=paid_on_hold").text
    assert "没有登记合同" not in narrowed


@pytest.mark.usefixtures("cattle")
@pytest.mark.parametrize(
    ("person", "shown"),
    [("town_leader", True), ("finance_agri", True), ("town_reviewer2", False), ("auditor", False)],
)
def test_the_alarm_is_a_line_on_the_home_page_of_whom_it_concerns(
    client: Client, person: str, shown: bool
) -> None:
    page = client.sign_in(person).get("/").text
    assert ("暂缓、终止的项目已付款：和牛项目" in page) is shown


@pytest.mark.usefixtures("cattle")
def test_another_township_sees_none(client: Client) -> None:
    assert "没有预警" in client.sign_in("town_reviewer2").get("/supervision/warnings").text


def test_rests_that_grow_old_on_one_day_are_one_line(client: Client, world: World) -> None:
    for number in (1, 2):
        ledger.add_document(world, f"财指〔2023〕{number}号", 10)
    client.app.config["STANDING_DAY"] = date(2023, 10, 10)
    page = client.sign_in("finance_agri").get("/").text
    assert "2 份文件的资金满1年，还有 20.00 万元没有支付" in page
    assert page.count("资金满1年") == 2, "the line, and the same words on its button for readers"
