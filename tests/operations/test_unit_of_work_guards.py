"""Nothing writes outside a unit of work, past the audit trail, or while only reading."""

import pytest
import sqlalchemy as sa

from portal.accounts.models import Organization, SignIn
from portal.db import (
    MoneyColumn,
    Setting,
    WriteRefused,
    bulk_insert,
    current_unit,
    db,
    execute_unaudited,
    unit_of_work,
)
from portal.rules.access import SYSTEM


def setting(key):
    return db.session.scalar(sa.select(Setting.value).where(Setting.key == key))


def test_a_write_outside_a_unit_is_refused(app):
    db.session.add(Setting(key="a", value="1"))
    with pytest.raises(WriteRefused):
        db.session.flush()


def test_a_write_while_only_reading_is_refused(app):
    with unit_of_work(SYSTEM, "test", read_only=True):
        db.session.add(Setting(key="a", value="1"))
        with pytest.raises(WriteRefused):
            db.session.flush()
    assert setting("a") is None


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Organization).values(name="x"),
        sa.delete(Setting),
        sa.insert(Setting).values(key="a", value="1"),
        sa.update(Organization.__table__).values(name="x"),
    ],
    ids=["update", "delete", "insert", "core update"],
)
def test_l1_a_bulk_statement_that_would_pass_the_trail_is_refused(app, statement):
    with unit_of_work(SYSTEM, "test") as unit, pytest.raises(WriteRefused):
        db.session.execute(statement)
    assert unit.changes == []


def test_l1_set_based_statements_are_for_traces_only(app):
    with unit_of_work(SYSTEM, "test"), pytest.raises(WriteRefused):
        execute_unaudited(sa.update(Organization).values(name="x"))


def test_traces_change_without_an_entry_but_not_outside_a_unit(app):
    with pytest.raises(WriteRefused):
        execute_unaudited(sa.delete(SignIn))


def test_bulk_insert_needs_a_unit(app):
    with pytest.raises(WriteRefused):
        bulk_insert(Setting, [{"key": "a", "value": "1"}], source="test")


def test_a_bulk_insert_refuses_rows_of_different_columns(app):
    rows = [{"key": "a", "value": "1"}, {"key": "b", "value": "2", "extra": "3"}]
    with unit_of_work(SYSTEM, "test"), pytest.raises(WriteRefused):
        bulk_insert(Setting, rows, source="test")
    assert db.session.get(Setting, "a") is None


def test_units_do_not_nest(app):
    with (
        unit_of_work(SYSTEM, "outer"),
        pytest.raises(WriteRefused, match="nest"),
        unit_of_work(SYSTEM, "inner"),
    ):
        pass


def test_a_failing_unit_leaves_nothing_and_the_next_one_works(either_app):
    def fail():
        with unit_of_work(SYSTEM, "test"):
            db.session.add(Setting(key="a", value="1"))
            db.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with pytest.raises(WriteRefused):
        current_unit()
    with unit_of_work(SYSTEM, "test"):
        db.session.add(Setting(key="b", value="2"))
    assert (setting("a"), setting("b")) == (None, "2")


def test_a_refused_unit_rolls_back_without_an_error(either_app):
    with unit_of_work(SYSTEM, "test") as unit:
        db.session.add(Setting(key="a", value="1"))
        db.session.flush()
        unit.refused = True
    assert setting("a") is None


@pytest.mark.parametrize("amount", [1.0, True, "1"])
def test_d1_money_is_whole_fen_or_a_programming_error(app, amount):
    with pytest.raises(TypeError, match="fen"):
        MoneyColumn().process_bind_param(amount, db.engine.dialect)


def test_r21_a_commit_reaches_the_disk(app):
    """Every pooled connection has the settings of SECURITY §5, not only the first one."""
    wanted = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000, "recursive_triggers": 1}
    wanted |= {"trusted_schema": 0, "secure_delete": 1, "journal_mode": "wal"}
    open_at_once = [db.engine.connect() for _ in range(3)]
    for connection in open_at_once:
        kept = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        connection.close()
        assert kept == wanted


def test_postgresql_never_waits_for_a_lost_client(postgres_app):
    with db.engine.connect() as connection:
        limits = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in (
                "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "timezone",
            )
        ]  # fmt: skip
    assert limits == ["5s", "30s", "1min", "UTC"]
