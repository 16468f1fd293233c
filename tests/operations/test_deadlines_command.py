"""``flask remind`` as outside checks call it (INTERFACES)."""

import json

import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.deadlines.models import Reminder
from tests.clocks import arrive


def remind(app: Flask, *options: str) -> str:
    result = app.test_cli_runner().invoke(args=["remind", "--date", "2023-01-22", *options])
    assert result.exit_code == 0, result.output
    return result.output


def reminders() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(Reminder.id)))


def test_json_holds_an_array_of_the_agreed_fields(app: Flask) -> None:
    arrive()
    [line] = json.loads(remind(app, "--dry-run", "--json"))
    assert line | {"text": ""} == {
        "rule": "fund_allocation",
        "subject": "哈财指(农)〔2023〕6号",
        "step": 7,
        "days_left": 7,
        "recipients": ["lead_office", "finance_agri", "finance_agri2"],
        "text": "",
    }
    assert reminders() == 0


def test_a_second_run_prints_an_empty_array(app: Flask) -> None:
    arrive()
    assert len(json.loads(remind(app, "--json"))) == 1
    assert json.loads(remind(app, "--json")) == []
    assert reminders() == 3


def test_lines_for_people_say_what_and_to_whom(app: Flask) -> None:
    arrive()
    assert remind(app) == (
        "哈财指(农)〔2023〕6号 尚有 1976.00 万元未落实，剩 7 天（2023年1月29日到期）。去分解 /funds/1"
        " → lead_office、finance_agri、finance_agri2\n"
    )
    assert remind(app).startswith("[]")


def test_a_date_that_is_none_is_refused(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["remind", "--date", "2023-02-30"])
    assert result.exit_code != 0
    assert "2023-02-30" in result.output
