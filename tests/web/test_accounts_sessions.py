"""Server-side sessions: what ends them ends them at the next request (SECURITY A6, A7)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts import operations
from portal.accounts.models import Organization, SignIn
from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import Role
from tests.client import Client
from tests.web.sign_in import is_signed_in, token_of, try_sign_in
from tests.world import PASSWORD


def cookie(http):
    return http.get_cookie("portal").value


def with_cookie(app, value):
    """Another browser that shows a copied cookie."""
    http = app.test_client()
    http.set_cookie("portal", value)
    return http


def signed_in(app, username="auditor"):
    http = app.test_client()
    assert try_sign_in(http, username).status_code == 303
    return http


def test_a6_only_the_digest_of_the_token_is_stored(app):
    http = signed_in(app)
    with http.session_transaction() as session:
        token = session["token"]
    kept = db.session.scalars(sa.select(SignIn.token_hash)).all()
    assert len(token) >= 43
    assert token not in kept
    assert all(len(digest) == 64 for digest in kept)


def test_a6_a_cookie_copied_before_signing_out_is_worth_nothing(app):
    http = signed_in(app)
    copied = cookie(http)
    assert is_signed_in(with_cookie(app, copied))
    http.post("/logout", data={"csrf_token": token_of(http.get("/"))})
    assert not is_signed_in(with_cookie(app, copied))


def test_a6_a_cookie_planted_before_signing_in_stays_a_strangers(app):
    http = app.test_client()
    http.get("/login")
    planted = cookie(http)
    try_sign_in(http, "auditor")
    assert cookie(http) != planted
    assert not is_signed_in(with_cookie(app, planted))


def test_a6_signing_in_again_ends_the_session_of_this_browser(app):
    http = signed_in(app)
    first = cookie(http)
    try_sign_in(http, "auditor")
    assert not is_signed_in(with_cookie(app, first))


@pytest.mark.parametrize(
    ("column", "minutes", "open_"),
    [
        ("last_seen_at", 29, True),
        ("last_seen_at", 31, False),
        ("started_at", 11 * 60 + 59, True),
        ("started_at", 12 * 60 + 1, False),
    ],
)
def test_a6_a_session_ends_after_30_idle_minutes_and_after_12_hours(app, column, minutes, open_):
    http = signed_in(app)
    with unit_of_work(SYSTEM, "test"):
        for row in db.session.scalars(sa.select(SignIn)):
            setattr(row, column, real_now() - timedelta(minutes=minutes))
    assert is_signed_in(http) is open_


def test_a6_work_keeps_a_session_open(app):
    http = signed_in(app)
    for _ in range(3):
        with unit_of_work(SYSTEM, "test"):
            for row in db.session.scalars(sa.select(SignIn)):
                row.last_seen_at -= timedelta(minutes=20)
        assert is_signed_in(http)


def test_a_late_answer_does_not_take_a_message_away(app):
    http = signed_in(app)
    http.get("/")
    assert "Set-Cookie" not in http.get("/").headers


def test_a6_a_forged_cookie_is_a_strangers(app):
    value = cookie(signed_in(app))
    assert not is_signed_in(with_cookie(app, value[:-4] + "AAAA"))


def new_role(world):
    user = world.user("auditor")
    operations.set_roles(
        user, [(Role.FINANCE_PERF, db.session.get(Organization, user.organization_id))]
    )


ENDINGS = {
    "other role": new_role,
    "closed account": lambda world: operations.set_active(
        world.user("auditor"), active=False, actor=world.actor("sysadmin")
    ),
    "changed password": lambda world: operations.change_password(
        world.user("auditor"), old=PASSWORD, new="Baishan-Heishui-1"
    ),
    "password set anew": lambda world: operations.reset_password(world.user("auditor")),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_a7_it_ends_every_session_of_the_person(app, world, what):
    browsers = [signed_in(app), signed_in(app)]
    with unit_of_work(SYSTEM, "test"):
        ENDINGS[what](world)
    assert [is_signed_in(http) for http in browsers] == [False, False]


def test_a7_nobody_elses_session_ends(app, world):
    colleague = signed_in(app, "sysadmin")
    with unit_of_work(SYSTEM, "test"):
        ENDINGS["other role"](world)
    assert is_signed_in(colleague)


def test_a7_a_new_duty_counts_from_the_next_sign_in(app, world):
    with unit_of_work(SYSTEM, "test"):
        new_role(world)
    assert Client(app).sign_in("auditor").get("/audit/").status_code == 403


def test_changing_ones_own_password_keeps_this_browser_signed_in(app, world):
    here, elsewhere = Client(app).sign_in("auditor"), signed_in(app)
    fields = {"old": PASSWORD, "new": "Baishan-Heishui-1", "again": "Baishan-Heishui-1"}
    assert here.post("/password", fields).status_code == 303
    assert is_signed_in(here.http)
    assert not is_signed_in(elsewhere)


def test_b4_nobody_changes_their_own_authority(app, world):
    client = Client(app).sign_in("sysadmin")
    own = world.user("sysadmin").id
    answer = client.post(f"/accounts/users/{own}", {"roles": ["auditor"]})
    assert (answer.status_code, "不能改自己的岗位" in answer.text) == (422, True)
    assert client.post(f"/accounts/users/{own}/active/0").status_code == 422


@pytest.mark.parametrize(
    "pair", [("sysadmin", "approver"), ("auditor", "finance_agri"), ("sysadmin", "auditor")]
)
def test_b4_keeping_the_system_excludes_every_other_duty(app, world, pair):
    client = Client(app).sign_in("sysadmin")
    answer = client.post(f"/accounts/users/{world.user('approver').id}", {"roles": list(pair)})
    assert (answer.status_code, "不能兼任" in answer.text) == (422, True)
