"""Signing in: the throttle, one answer to every wrong guess, the cookie (SECURITY A4, A5, A8, A11)."""

import re
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Throttle
from portal.audit.models import AuditEntry
from portal.clock import real_now
from portal.config import load
from portal.db import db, execute_unaudited, unit_of_work
from portal.rules.access import SYSTEM
from tests.web.sign_in import token_of, try_sign_in
from tests.world import PASSWORD

WRONG = "wrong-Guess-0"
EVALUATED = "用户名或密码不对"
LOCKED = "输错次数太多"


def guess_together(app, count, username="auditor"):
    """So many wrong guesses at once, each from another claimed address; the answers."""
    clients = [app.test_client() for _ in range(count)]
    tokens = [token_of(http.get("/login")) for http in clients]
    barrier = threading.Barrier(count)

    def guess(number):
        barrier.wait(30)
        fields = {"username": username, "password": WRONG, "csrf_token": tokens[number]}
        headers = {"X-Forwarded-For": f"10.9.8.{number}"}
        return clients[number].post("/login", data=fields, headers=headers).text

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(guess, range(count)))


def let_time_pass(minutes):
    """Move the throttle's clock back instead of waiting."""
    earlier = timedelta(minutes=minutes)
    with unit_of_work(SYSTEM, "test"):
        for row in db.session.scalars(sa.select(Throttle)):
            row.window_started_at -= earlier
            row.locked_until = row.locked_until and row.locked_until - earlier


def test_a4_of_forty_guesses_at_once_five_are_looked_at(either_app):
    answers = guess_together(either_app, 40)
    assert sum(EVALUATED in answer for answer in answers) <= 5
    assert all(EVALUATED in answer or LOCKED in answer for answer in answers)


def test_a4_while_locked_not_even_the_right_password_helps(app):
    guess_together(app, 5)
    answer = try_sign_in(app.test_client(), "auditor")
    assert (answer.status_code, LOCKED in answer.text) == (422, True)
    assert re.search(r"请在 \d\d:\d\d 以后再试", answer.text)


def test_a4_after_the_lock_the_right_password_is_accepted(app):
    guess_together(app, 5)
    let_time_pass(2)
    assert try_sign_in(app.test_client(), "auditor").status_code == 303


def test_a4_other_people_are_not_locked_out(app):
    guess_together(app, 5)
    assert try_sign_in(app.test_client(), "sysadmin").status_code == 303


def test_a4_the_lock_doubles_up_to_a_quarter_of_an_hour(app):
    waits = []
    for _ in range(3):
        guess_together(app, 5)
        with unit_of_work(SYSTEM, "test"):
            row = db.session.get_one(Throttle, "user:auditor")
            waits.append(round((row.locked_until - real_now()).total_seconds() / 60))
            row.lock_seconds *= len(waits) ** 3
        let_time_pass(waits[-1] + 0.1)
    assert waits == [1, 2, 15]


def test_a4_one_address_cannot_try_many_names(app):
    http = app.test_client()
    answers = [try_sign_in(http, f"nobody{n}", WRONG).text for n in range(25)]
    assert sum(EVALUATED in answer for answer in answers) == 20


def test_a4_many_people_of_one_office_may_sign_in_together(app):
    """Successes do not count against the office's address."""
    http = app.test_client()
    assert {try_sign_in(http, "auditor").status_code for _ in range(25)} == {303}


def test_a4_a_success_forgets_the_typing_errors(app):
    http = app.test_client()
    for _ in range(3):
        for _ in range(4):
            try_sign_in(http, "auditor", WRONG)
        assert try_sign_in(http, "auditor").status_code == 303


def test_a4_each_wrong_guess_is_in_the_trail(app):
    try_sign_in(app.test_client(), "auditor", WRONG)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.action, entry.result, entry.row_id) == ("sign_in", "failed", "user:auditor")
    assert WRONG not in entry.diff


def without_marks(page):
    """The page without what differs each time: tokens and the name that was typed."""
    return re.sub(r'value="[^"]*"', "", page.text)


def test_a5_an_unknown_name_and_a_wrong_password_get_the_same_page(app):
    known = try_sign_in(app.test_client(), "auditor", WRONG)
    unknown = try_sign_in(app.test_client(), "nobody", WRONG)
    assert known.status_code == unknown.status_code == 422
    assert without_marks(known) == without_marks(unknown)


def test_a5_an_unknown_name_costs_the_same_work_as_a_wrong_password(app):
    """Processor time, not the clock on the wall: a busy machine must not decide."""

    def work(username):
        with unit_of_work(SYSTEM, "test"):
            execute_unaudited(sa.delete(Throttle))
        began = time.process_time()
        try_sign_in(app.test_client(), username, WRONG)
        return time.process_time() - began

    work("auditor")
    known, unknown = (statistics.median(work(n) for _ in range(7)) for n in ("auditor", "nobody"))
    assert 1 / 1.3 < known / unknown < 1.3


def test_a5_a_closed_account_looks_like_a_wrong_password(app, world):
    with unit_of_work(SYSTEM, "test"):
        world.user("auditor").active = False
    assert EVALUATED in try_sign_in(app.test_client(), "auditor").text


def cookie_of(http):
    return http.get("/login").headers["Set-Cookie"]


def test_a8_the_plain_cookie_is_for_trying_out_only(app):
    cookie = cookie_of(app.test_client())
    assert cookie.startswith("portal=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "未加密" in app.test_client().get("/login").text


def test_a8_under_tls_the_cookie_is_bound_to_the_host(app, tmp_path):
    settings = load({"PORTAL_INSTANCE": str(tmp_path / "tls")})
    app.config.update({k: v for k, v in settings.items() if k.startswith("SESSION_COOKIE")})
    cookie = app.test_client().get("/login", base_url="https://localhost").headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a11_nobody_sees_who_signed_in_before(app):
    http = app.test_client()
    try_sign_in(http, "auditor")
    http.post("/logout", data={"csrf_token": token_of(http.get("/"))})
    assert "auditor" not in http.get("/login").text


@pytest.mark.parametrize("username", ["' OR 1=1--", "%", "张" * 80, "a\0b", "\u202eroot", "😀"])
def test_d9_any_name_may_be_typed(either_app, username):
    answer = try_sign_in(either_app.test_client(), username, PASSWORD)
    assert answer.status_code in {400, 422}
