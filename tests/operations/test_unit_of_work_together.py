"""Several writers at once: they wait for each other, lose nothing and save nothing twice (R2, R13-R15)."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from portal.accounts.models import Organization
from portal.audit.queries import broken_links
from portal.db import Setting, db, lock, unit_of_work
from portal.rules.access import SYSTEM
from portal.web import public
from tests.client import Client
from tests.world import World

NEW = "/accounts/organizations/new"


def office(**changes):
    """The fields of a new village."""
    fields = {"parent_id": World().ids["yi"], "kind": "village", "code": "bei", "name": "北村"}
    return fields | changes


def count_of(code):
    db.session.rollback()
    statement = sa.select(sa.func.count()).select_from(Organization).filter_by(code=code)
    return db.session.scalar(statement)


def at_once(app, work, count):
    """Run ``work(number)`` in threads that start together; their results in order."""
    barrier = threading.Barrier(count)

    def begin(number):
        with app.app_context():
            barrier.wait(30)
            try:
                return work(number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def test_e3_what_a_unit_reads_is_what_it_decides_on(either_app):
    """Eight writers add one to the same figure: none of the additions is lost."""
    with unit_of_work(SYSTEM, "test"):
        db.session.add(Setting(key="figure", value="0"))

    def add_one(_number):
        for _ in range(10):
            with unit_of_work(SYSTEM, "test"):
                [row] = lock(Setting, ["figure"])
                row.value = str(int(row.value) + 1)

    at_once(either_app, add_one, 8)
    db.session.rollback()
    assert db.session.scalar(sa.select(Setting.value).filter_by(key="figure")) == "80"
    assert list(broken_links()) == []


def test_r2_the_same_form_sent_ten_times_is_saved_once(either_app):
    clients = [Client(either_app).sign_in("sysadmin") for _ in range(10)]
    form = office(submission="one-form")
    answers = at_once(either_app, lambda n: clients[n].post(NEW, form), 10)
    assert {(a.status_code, a.location) for a in answers} == {(303, "/accounts/")}
    assert count_of("bei") == 1


def test_r2_a_refused_form_may_be_sent_again_with_the_same_key(either_app):
    client = Client(either_app).sign_in("sysadmin")
    assert client.post(NEW, office(submission="k", name="")).status_code == 422
    assert client.post(NEW, office(submission="k")).status_code == 303
    assert count_of("bei") == 1


HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("COMMIT")
"""


def hold(seconds):
    """A second process that keeps SQLite's write lock for a while."""
    command = [sys.executable, "-c", HOLD, db.engine.url.database, str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    return holder


def test_r15_a_writer_waits_for_another_process(app):
    client = Client(app).sign_in("sysadmin")
    holder = hold(3)
    assert client.post(NEW, office()).status_code == 303
    assert holder.wait(30) == 0
    assert count_of("bei") == 1


def be_impatient():
    """Let new connections wait 0.2 seconds only, so that the test need not wait ten."""
    short = {"sqlite": "PRAGMA busy_timeout=200", "postgresql": "SET lock_timeout='200ms'"}

    @event.listens_for(db.engine, "connect")
    def _shorten(connection, _record):
        connection.execute(short[db.engine.dialect.name])
        connection.commit()

    db.session.remove()
    db.engine.dispose()


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_r15_a_writer_that_waits_too_long_is_told_to_come_back(app, htmx):
    client = Client(app).sign_in("sysadmin")
    be_impatient()
    holder = hold(30)
    answer = client.post(NEW, office(), headers={"HX-Request": "true"} if htmx else {})
    holder.kill()
    holder.wait()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "内容没有保存" in answer.text
    assert count_of("bei") == 0
    assert client.post(NEW, office()).status_code == 303


def test_r15_a_reader_never_waits_for_a_writer(app):
    client = Client(app).sign_in("sysadmin")
    be_impatient()
    holder = hold(30)
    answer = client.get("/accounts/")
    holder.kill()
    holder.wait()
    assert answer.status_code == 200


def test_r15_on_postgresql_a_held_row_gives_a_503_too(postgres_app):
    client = Client(postgres_app).sign_in("sysadmin")
    be_impatient()
    with db.engine.begin() as holder:
        holder.execute(sa.text("SELECT * FROM audit_head FOR UPDATE"))
        answer = client.post(NEW, office())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert count_of("bei") == 0


def test_a_transaction_that_postgresql_wants_repeated_is_repeated(postgres_app):
    """40001 and 40P01 are invitations to try again, not failures (SECURITY §5)."""
    attempts = []

    @public
    def fussy():
        attempts.append(1)
        db.session.add(Setting(key="fussy", value=str(len(attempts))))
        db.session.flush()
        if len(attempts) < 3:
            db.session.execute(
                sa.text("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
            )
        return "saved"

    postgres_app.add_url_rule("/fussy", "fussy", fussy, methods=["POST"])
    assert Client(postgres_app).sign_in("sysadmin").post("/fussy").text == "saved"
    db.session.rollback()
    assert db.session.scalar(sa.select(Setting.value).filter_by(key="fussy")) == "3"


def test_r13_of_two_people_with_the_same_page_one_is_told(either_app):
    """The second of two edits that began from the same version is refused, not merged."""
    barrier = threading.Barrier(2)

    def rename(number):
        with unit_of_work(SYSTEM, "test", read_only=True):
            seen = db.session.scalars(sa.select(Organization).filter_by(code="dong")).one()
            version, row_id = seen.version, seen.id
        barrier.wait(30)
        with unit_of_work(SYSTEM, "test"):
            [row] = lock(Organization, [row_id])
            if row.version != version:
                return "stale"
            row.name = f"东村{number}"
        return "saved"

    assert sorted(at_once(either_app, rename, 2)) == ["saved", "stale"]
