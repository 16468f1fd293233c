"""What every answer carries, also the bad ones: headers, plain words, no secrets (C1, C3, L6, L9)."""

import json
import logging
import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask import Response

from portal.accounts.models import Organization, PasswordHistory
from portal.audit.models import AuditEntry
from portal.db import db
from portal.web import HEADERS, SAFE_METHODS, public
from tests.client import Client
from tests.web.sign_in import try_sign_in
from tests.world import PASSWORD

ORGANIZATION = "/accounts/organizations/new"
HTMX = {"HX-Request": "true"}


def break_table(table, column):
    """Let everything that needs the column fail, as a half-made migration would."""
    with db.engine.begin() as connection:
        connection.execute(sa.text(f'ALTER TABLE "{table}" RENAME COLUMN {column} TO gone'))


def answers(app, world) -> dict[str, Response]:
    """One answer of each status."""
    client = Client(app).sign_in("sysadmin")
    found = {
        "200": client.get("/"),
        "204": client.post(
            ORGANIZATION,
            {"parent_id": world.ids["yi"], "kind": "village", "code": "bei", "name": "北村"},
            headers=HTMX,
        ),
        "303": app.test_client().get("/"),
        "400": client.http.post("/logout"),
        "401": app.test_client().get("/", headers=HTMX),
        "403": client.get("/library/"),
        "404": client.get("/nowhere"),
        "404 static": client.get("/static/nowhere.css"),
        "405": client.post("/permissions"),
        "413": client.post(ORGANIZATION, {"name": "x" * 3_000_000}),
        "422": client.post(ORGANIZATION, {}),
        "static": client.get("/static/portal.css"),
        "health": client.get("/healthz"),
    }
    break_table("organization", "name")
    return found | {
        "500": client.get("/accounts/"),
        "500 htmx": client.get("/accounts/", headers=HTMX),
    }


def test_c1_every_answer_carries_the_headers(app, world):
    found = answers(app, world)
    for name, answer in found.items():
        if name[:3].isdigit():
            assert answer.status_code == int(name[:3]), (name, answer.text[:200])
        lacking = {k for k, v in HEADERS.items() if answer.headers.get(k) != v}
        assert lacking == set(), name
        assert answer.headers.get("Strict-Transport-Security") is None, name


def test_c1_pages_are_kept_by_nobody(app, world):
    found = answers(app, world)
    kept = [
        n
        for n, a in found.items()
        if "static" not in n and a.headers["Cache-Control"] != "no-store"
    ]
    assert kept == []


def test_c1_hsts_is_sent_under_tls_only(app):
    answer = app.test_client().get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_c1_the_policy_allows_nothing_inline():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


def test_c6_a_cache_never_takes_a_fragment_for_the_page(app, world):
    assert all("HX-Request" in answer.headers["Vary"] for n, answer in answers(app, world).items()
               if "static" not in n)  # fmt: skip


class _Meta(HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag == "meta" and dict(attrs).get("name") == "htmx-config":
            self.config = json.loads(dict(attrs)["content"])


def test_c3_htmx_is_configured_exactly_so(app):
    page = _Meta()
    page.feed(app.test_client().get("/login").text)
    assert page.config == {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "timeout": 15000,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "400", "swap": True},
            {"code": "409", "swap": True},
            {"code": "422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }


def test_c8_an_error_for_htmx_goes_into_the_place_for_messages(app):
    answer = Client(app).sign_in("auditor").get("/library/import", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (403, "#messages")
    assert "<html" not in answer.text
    assert "没有权限" in answer.text


def test_b7_a_denial_says_who_what_and_why(app, world):
    Client(app).sign_in("auditor").get("/library/import")
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.actor_id, entry.action, entry.result, entry.row_id) == (
        world.user("auditor").id, "library.plan.upload", "refused", "/library/import",
    )  # fmt: skip
    assert json.loads(entry.diff)["status"] == 403


CANARY = "Kanalienvogel-7731"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def test_l6_a_fault_shows_a_number_and_keeps_its_reason_to_the_log(app, world, log):
    client = Client(app).sign_in("sysadmin")
    break_table("organization", "name")
    answer = client.get("/accounts/")
    number = re.search(r"编号 ([0-9a-f]{12})", answer.text).group(1)
    assert answer.status_code == 500
    assert number in log.text
    assert "Traceback" in log.text
    for leak in ("Traceback", "sqlalchemy", "SELECT", "organization"):
        assert leak not in answer.text


def test_l6_what_was_typed_never_reaches_the_log(app, world, log):
    """The statement that fails carries the value: neither log nor page may repeat it."""
    client = Client(app).sign_in("sysadmin")
    path = f"/accounts/organizations/{world.ids['dong']}"
    assert client.post(path, {"name": CANARY}).status_code == 303
    break_table("organization_name", "until_on")
    answer = client.post(path, {"name": "新东村"})
    assert answer.status_code == 500
    assert CANARY not in log.text
    assert CANARY not in answer.text


def test_l6_a_password_is_nowhere_but_in_its_hash(app, world, log):
    try_sign_in(app.test_client(), "auditor", CANARY)
    client = Client(app).sign_in("auditor")
    client.post("/password", {"old": PASSWORD, "new": CANARY, "again": CANARY})
    with db.engine.connect() as connection:
        connection.execute(sa.text("ALTER TABLE password_history RENAME TO gone"))
        connection.commit()
    client.post("/password", {"old": CANARY, "new": f"{CANARY}x", "again": f"{CANARY}x"})
    trail = "\n".join(db.session.scalars(sa.select(AuditEntry.diff)))
    assert CANARY not in log.text + trail


def test_a_conflict_is_explained_and_not_a_fault(app, world):
    client = Client(app).sign_in("sysadmin")

    def trip():
        db.session.add(PasswordHistory(user_id=99_999, password_hash="", changed_at=None))
        return "never"

    app.add_url_rule("/trip", "trip", public(trip), methods=["POST"])
    answer = client.post("/trip")
    assert (answer.status_code, "数据与已有记录冲突" in answer.text) == (409, True)


@pytest.mark.parametrize("host", ["evil.cn", "localhost:99999", "[::1]", "localhost.evil.cn"])
def test_l9_another_host_is_refused(app, host):
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    answer = app.test_client().get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text
    assert {k: answer.headers.get(k) for k in HEADERS} == HEADERS


def test_l9_a_forwarded_address_is_ignored_without_a_proxy(app, world):
    client = Client(app).sign_in("auditor")
    client.get(
        "/library/import", headers={"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.cn"}
    )
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry.ip == "127.0.0.1"


STRANGE = [
    "%00",
    "%ff%fe",
    "99999999999999999999",
    "-1",
    "%F0%9F%98%80",
    "..%2f..%2fetc%2fpasswd",
    "a" * 3000,
]


@pytest.mark.parametrize("piece", STRANGE)
def test_d9_no_address_is_a_fault(either_app, piece):
    client = Client(either_app).sign_in("sysadmin")
    for path in (f"/{piece}", f"/accounts/users/{piece}", f"/accounts/organizations/{piece}"):
        assert client.get(path).status_code in {400, 403, 404, 405, 308}, path


TEXTS = [
    "' OR 1=1--",
    "%",
    "_",
    "\0",
    "x" * 10_000,
    "😀",
    "\u202eabc",
    "  ",
    "{{7*7}}",
    "\U00020000",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_d9_no_text_in_a_filter_is_a_fault(either_app, text):
    client = Client(either_app).sign_in("auditor")
    query = dict.fromkeys(("who", "action", "row", "on", "before", "q", "page", "year"), text)
    for path in ("/audit/", "/library/", "/outbox/", "/funds/", "/disclosure/", "/deadlines/"):
        assert client.get(path, query_string=query).status_code in {200, 400}, path


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "0"])
def test_d9_no_page_number_is_a_fault(either_app, number):
    client = Client(either_app).sign_in("auditor")
    for path in ("/audit/", "/library/", "/outbox/", "/inbox"):
        answer = client.get(path, query_string={"page": number, "before": number})
        assert answer.status_code in {200, 400, 404}, path


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_d9_no_text_in_a_form_is_a_fault(either_app, text):
    client = Client(either_app).sign_in("sysadmin")
    parent = db.session.scalar(sa.select(Organization.id).filter_by(code="yi"))
    fields = {"parent_id": parent, "kind": "village", "code": "bei"}
    answer = client.post(ORGANIZATION, fields | dict.fromkeys(("name", "phone", "address"), text))
    assert answer.status_code in {303, 400, 422}
    assert "49" not in answer.text or "{{7*7}}" not in text


def test_b6_what_a_form_does_not_name_is_ignored(app, world):
    """Ownership and state are set by the server (SECURITY T19)."""
    client = Client(app).sign_in("sysadmin")
    extra = {"county_id": 1, "path": "/1/", "version": 77, "id": 1, "active": "", "is_admin": 1}
    client.post(f"/accounts/organizations/{world.ids['dong']}", {"name": "新东村"} | extra)
    row = db.session.get(Organization, world.ids["dong"], populate_existing=True)
    assert (row.name, row.county_id, row.active) == ("新东村", world.ids["county"], True)
    assert row.version < 77


def test_c4_a_get_cannot_be_talked_into_writing(app):
    """A method override header or field is just text."""
    client = Client(app).sign_in("sysadmin")
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "DELETE"}):
        assert client.get("/accounts/", headers=headers).status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} == SAFE_METHODS
