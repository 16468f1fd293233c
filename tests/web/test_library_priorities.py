"""The lead office puts the year's projects in order: numbers typed or pasted, all of them or none."""

import pytest

from portal.db import db
from portal.library.models import Project
from portal.rules.vocabulary import ProjectStatus
from tests import ledger
from tests.client import Client


@pytest.fixture
def office(client) -> Client:
    return client.sign_in("lead_office")


@pytest.fixture
def projects(world) -> list[Project]:
    return [
        ledger.add_project(world, name, code=f"a-0{n}") for n, name in enumerate("甲乙丙", start=1)
    ]


def order() -> dict[str, int | None]:
    db.session.rollback()
    return {project.name: project.priority for project in db.session.query(Project)}


def test_numbers_are_typed_and_the_list_follows_them(office, projects):
    first, second, third = (f"priority-{project.id}" for project in projects)
    answer = office.post("/library/priorities?year=2023", {first: "2", second: "１", third: ""})

    assert answer.status_code == 303
    assert order() == {"甲": 2, "乙": 1, "丙": None}
    page = office.get("/library/priorities?year=2023").get_data(as_text=True)
    assert page.index("a-02") < page.index("a-01") < page.index("a-03")
    assert "优先第 1" in office.get("/library/?year=2023").get_data(as_text=True)
    office.post("/library/priorities?year=2023", {first: ""})
    assert order()["甲"] is None


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "一", "10000", "9" * 5000])
def test_a_number_that_is_none_keeps_everything_as_it_was(office, projects, typed):
    first, second, _third = (f"priority-{project.id}" for project in projects)

    answer = office.post("/library/priorities?year=2023", {first: "1", second: typed})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "有 1 个顺序号没有通过，全部没有保存" in page
    assert f'id="{second}-error"' in page
    assert set(order().values()) == {None}


def test_codes_and_numbers_are_pasted(office, projects):
    table = {"table": "a-03\t1\r\na-01\t2\r\n"}
    assert office.post("/library/priorities/paste?year=2023", table).status_code == 303
    assert order() == {"甲": 2, "乙": None, "丙": 1}

    refused = office.post("/library/priorities/paste?year=2023", {"table": "a-03\t5\na-77\t1"})

    assert refused.status_code == 422
    assert "没有这些编码：a-77" in refused.get_data(as_text=True)
    assert order()["丙"] == 1


def test_only_the_library_of_the_year_is_put_in_order(office, world, projects):
    draft = ledger.add_project(world, "没入库", status=ProjectStatus.DRAFT)
    assert "没入库" not in office.get("/library/priorities?year=2023").get_data(as_text=True)

    answer = office.post("/library/priorities?year=2023", {f"priority-{draft.id}": "1"})

    assert answer.status_code == 422
    assert order()["没入库"] is None


def test_others_do_not_set_the_order(client, projects):
    finance = client.sign_in("finance_agri")
    assert finance.get("/library/priorities?year=2023").status_code == 403
    assert "优先顺序" not in finance.get("/library/").get_data(as_text=True)
