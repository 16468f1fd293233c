"""The plan table into the library: 10,000 new projects read, judged and inserted, beside a bare read."""

import io
from collections.abc import Callable

from python_calamine import CalamineWorkbook

from bench import paired, seconds
from bench.pages import county_of_projects
from portal.db import unit_of_work
from portal.library import importing
from portal.library.sheets import TABLE
from portal.spreadsheets.precheck import check_workbook
from portal.spreadsheets.writing import write_xlsx
from tests.conftest import DAY
from tests.world import World

ROWS = 10_000


def import_library() -> dict[str, object]:
    """Everything that a confirmed import does, taken back each time; the pre-check is shown beside it."""
    content = _table()
    with county_of_projects() as _county:
        world = World()
        actor, county_id = world.actor("lead_office"), world.ids["county"]

        def work() -> None:
            with unit_of_work(actor, "bench") as unit:
                waiting = importing.begin_import(
                    content, "计划.xlsx", actor=actor, county_id=county_id, year=2023, on=DAY
                )
                assert importing.confirm_import(waiting, actor=actor, on=DAY).added == ROWS
                unit.refused = True

        def bare() -> list[list[object]]:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            return workbook.get_sheet_by_index(0).to_python()

        precheck = seconds(lambda: check_workbook(content))
        row = paired(work, bare, rounds=3)
    with_precheck, row["seconds"] = row["seconds"], row["seconds"] - precheck
    row["ratio"] = row["seconds"] / row["limit_seconds"]
    measures = {"precheck_seconds": precheck, "seconds_with_precheck": with_precheck}
    return {"compared_with": "a bare calamine read", "goal": "<= 2", **row, **measures}


def _table() -> bytes:
    target = io.BytesIO()
    write_xlsx(TABLE, map(_record, range(ROWS)), target)
    return target.getvalue()


def _record(number: int) -> dict[str, object]:
    return {
        "serial": number + 1,
        "department": "县农业农村局",
        "township": "甲镇",
        "village": "东村",
        "name": f"东村冷库建设项目（{number}号）",
        "project_type": "种植业基地",
        "tasks": f"新建冷库{number}座，建筑面积{number + 7}平方米，配套制冷设备",
        "planned": 3 * number * 10_000,
        "central_amount": 2 * number * 10_000,
        "provincial_amount": number * 10_000,
        "period": "2023/4-2023/10",
        "goal": f"带动脱贫户{number % 60}户，每户增收{number}元",
        "benefit_linkage": "土地流转、务工就业、资产收益分红",
        "responsible_unit": "甲镇人民政府",
        "responsible_person": f"张{number % 200}",
    }


BENCHES: dict[str, Callable[[], dict[str, object]]] = {"import_library": import_library}
