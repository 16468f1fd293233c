"""分解表 over HTTP: what it shows, what it keeps, how it refuses, who was faster."""

import re

import pytest
import sqlalchemy as sa

from portal.db import db, unit_of_work
from portal.funds.models import Allocation
from portal.library.models import Project
from portal.rules.vocabulary import ProjectStatus, ReportClass
from tests import ledger
from tests.client import Client
from tests.ledger import wan


@pytest.fixture
def finance(client) -> Client:
    return client.sign_in("finance_agri")


@pytest.fixture
def county(world):
    """A draft, two documents of 100 and 50 万元, two projects that lack 80 and 60."""
    documents = [
        ledger.add_document(world, "财指〔2023〕1号", 100),
        ledger.add_document(world, "财指〔2023〕2号", 50),
    ]
    projects = [
        ledger.add_project(world, "道路", 80, code="a-01"),
        ledger.add_project(world, "冷库", 60, code="a-02", report_class=ReportClass.INDUSTRY),
    ]
    return ledger.add_batch(world), documents, projects


def page_of(response) -> str:
    inline = re.sub(r"</?(span|strong|small)[^>]*>", "", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inline))


def cell(project, document) -> str:
    return f"cell-{project.id}-{document.id}"


def saved() -> dict[tuple[str, str], int]:
    db.session.rollback()
    lines = db.session.query(Allocation).filter_by(void=False)
    return {(line.project.name, line.document.number[-2:]): line.amount for line in lines}


def test_rows_stand_by_priority_and_columns_have_money_left(finance, county, world):
    batch, documents, projects = county
    ledger.add_project(world, "没入库", status=ProjectStatus.DRAFT)
    with unit_of_work(world.actor("lead_office"), "test"):
        db.session.get_one(Project, projects[1].id).priority = 1
    other = ledger.add_batch(world, "别的")
    ledger.allocate(world, other, documents[1], projects[1], 50)
    ledger.approve(world, other)

    text = finance.get(f"/funds/batches/{batch.id}/matrix").get_data(as_text=True)

    assert text.index("冷库") < text.index("道路")
    assert "没入库" not in text
    assert "财指〔2023〕1号" in text
    assert "财指〔2023〕2号" not in text, "a document without money is no column"


def test_the_whole_grid_is_saved_and_changed_and_emptied(finance, county):
    batch, (first, second), (road, store) = county
    path = f"/funds/batches/{batch.id}/matrix"
    finance.post(path, {cell(road, first): "60", cell(store, first): "40", cell(store, second): ""})
    assert saved() == {("道路", "1号"): wan(60), ("冷库", "1号"): wan(40)}
    page = finance.get(path).get_data(as_text=True)
    was = re.search(r'name="was" value="([^"]*)"', page)[1]

    answer = finance.post(
        path,
        {
            "was": was,
            cell(road, first): "",
            cell(store, first): "４０.00",
            cell(store, second): "20",
        },
    )

    assert answer.status_code == 303
    assert saved() == {("冷库", "1号"): wan(40), ("冷库", "2号"): wan(20)}
    assert ledger.differences() == []


def test_one_saving_moves_money_from_cell_to_cell(finance, county, world):
    batch, (first, _second), (road, store) = county
    ledger.allocate(world, batch, first, road, 80)
    ledger.allocate(world, batch, first, store, 20)
    was = f"{road.id}-{first.id}:{wan(80)} {store.id}-{first.id}:{wan(20)}"

    answer = finance.post(
        f"/funds/batches/{batch.id}/matrix",
        {"was": was, cell(store, first): "60", cell(road, first): "40"},
    )

    assert answer.status_code == 303
    assert saved() == {("道路", "1号"): wan(40), ("冷库", "1号"): wan(60)}


def test_what_does_not_fit_is_said_at_its_cell_and_nothing_is_kept(finance, county):
    batch, (first, second), (road, store) = county

    answer = finance.post(
        f"/funds/batches/{batch.id}/matrix",
        {cell(road, first): "70", cell(store, first): "31", cell(road, second): "1e3"},
    )

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "有 2 格没有通过，全部没有保存" in text
    why = re.search(rf'id="why-{store.id}-{first.id}">([^<]*)', text)[1]
    assert why == "不能分配：该文件剩余 30.00 万元，申请 31.00 万元。请减少 1.00 万元，或换一份文件"
    assert "科学计数法" in re.search(rf'id="why-{road.id}-{second.id}">([^<]*)', text)[1]
    assert re.search(rf'name="{cell(road, first)}" value="70"', text), "what was typed stays"
    assert saved() == {}


def test_a_cell_that_changed_meanwhile_names_both_values(finance, county, world):
    batch, (first, _second), (road, store) = county
    ledger.allocate(world, batch, first, road, 30)

    answer = finance.post(
        f"/funds/batches/{batch.id}/matrix",
        {"was": "", cell(road, first): "50", cell(store, first): "10"},
    )

    assert answer.status_code == 409
    assert "这一格刚改成 30.00，您打开时是 空，您填的是 50" in page_of(answer)
    assert saved() == {("道路", "1号"): wan(30)}
    was = re.search(r'name="was" value="([^"]*)"', answer.get_data(as_text=True))[1]
    again = finance.post(f"/funds/batches/{batch.id}/matrix", {"was": was, cell(road, first): "50"})
    assert (again.status_code, saved()) == (303, {("道路", "1号"): wan(50)})


def test_what_is_left_is_told_while_somebody_types(finance, county):
    batch, (first, second), (road, store) = county
    changed = f"{road.id}-{first.id}-90_{store.id}-{second.id}-2０_{store.id}-{first.id}-x"

    answer = finance.get(f"/funds/batches/{batch.id}/matrix/rests?changed={changed}&at={store.id}")

    text = answer.get_data(as_text=True)
    assert re.findall(r'<td class="number[^"]*">([^<]*)', text) == ["10.00", "30.00"]
    gaps = dict(re.findall(r'id="gap-(\d+)"[^>]*>([^<]*)', text))
    assert gaps == {str(road.id): "-10.00", str(store.id): "40.00"}
    assert "本批次后 18.18%" in page_of(answer)


def test_a_pasted_table_is_saved_whole(finance, county):
    batch, (_first, _second), (_road, _store) = county
    table = "项目\t财指[2023] 1号\t财指〔2023〕2号\na-01\t60.00\t\n冷库\t\t50"

    answer = finance.post(f"/funds/batches/{batch.id}/matrix/paste", {"table": table})

    assert answer.status_code == 303
    assert saved() == {("道路", "1号"): wan(60), ("冷库", "2号"): wan(50)}


def test_a_pasted_table_with_a_mistake_comes_back_checked(finance, county):
    batch, _documents, _projects = county
    table = "\t财指〔2023〕1号\t财指〔2023〕9号\na-01\t60\t1\na-77\t5\t\n冷库\t41\t"

    answer = finance.post(f"/funds/batches/{batch.id}/matrix/paste", {"table": table})

    page = page_of(answer)
    assert answer.status_code == 422
    assert "2 a-01 财指〔2023〕1号 60 可以" in page
    assert "这个文号不在表里" in page
    assert "没有这个编码或名称" in page
    assert saved() == {}


def test_a_place_from_which_money_comes_back_is_not_filled(finance, county, world):
    batch, (first, _second), (road, _store) = county
    line = ledger.allocate(world, batch, first, road, 80)
    ledger.approve(world, batch)
    adjustment = ledger.add_adjustment(world)
    ledger.take_back(world, adjustment, line, 30)
    path = f"/funds/batches/{adjustment.id}/matrix"

    text = finance.get(path).get_data(as_text=True)
    answer = finance.post(path, {cell(road, first): "5"})

    assert "−30.00" in text
    assert f'name="{cell(road, first)}"' not in text
    assert answer.status_code == 422


def test_a_submitted_batch_has_no_grid(finance, county, world):
    batch, (first, _second), (road, _store) = county
    ledger.allocate(world, batch, first, road, 80)
    ledger.approve(world, batch)
    assert finance.get(f"/funds/batches/{batch.id}/matrix").status_code == 303
    answer = finance.post(f"/funds/batches/{batch.id}/matrix", {cell(road, first): "5"})
    assert answer.status_code == 422
    assert "不能改资金安排" in page_of(answer)


def test_the_neighbour_county_s_rows_are_out_of_reach(client, county):
    batch, (first, _second), (road, _store) = county
    neighbour = client.sign_in("foreigner")
    assert neighbour.get(f"/funds/batches/{batch.id}/matrix").status_code == 404
    answer = neighbour.post(f"/funds/batches/{batch.id}/matrix", {cell(road, first): "5"})
    assert answer.status_code == 404


def test_many_cells_ask_no_more_than_few(finance, county, world):
    batch, (first, second), projects = county
    projects += [ledger.add_project(world, f"项目{n}", 10) for n in range(12)]
    path = f"/funds/batches/{batch.id}/matrix"

    few = queries_of(lambda: finance.post(path, {cell(projects[0], first): "1"}))
    many = {cell(one, document): "1" for one in projects[2:] for document in (first, second)}
    full = queries_of(lambda: finance.post(path, many))

    assert len(saved()) == 1 + len(many)
    assert full <= few, "something is asked for each cell"


def queries_of(act) -> int:
    """How many times the database was asked something; writing is not asking."""
    asked = []

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert act().status_code == 303
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)
