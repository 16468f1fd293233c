"""Redirects stay here, and headers survive a real server (SECURITY C7, E1, E8, E17)."""

import http.client
from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask import request

from portal import hx
from portal.web import public
from tests import live
from tests.web.sign_in import TOKEN, try_sign_in
from tests.world import PASSWORD

OUTSIDE = [
    "https://evil.test/",
    "//evil.test",
    "///evil.test",
    "////evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r\n/evil.test",
    "\t//evil.test",
    " //evil.test",
    "/%09/evil.test",
    "/%5cevil.test",
    "/%2f/evil.test",
    "%2f%2fevil.test",
    "/%0d%0aLocation:%20//evil.test",
    "http:evil.test",
    "http:/evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "/..//evil.test",
    "/.//evil.test",
    "@evil.test",
    "/nowhere",
    "/logout",
    "/页面",
    "",
]
INSIDE = ["/", "/password", "/library/?q=a&year=2023", "/audit/?who=%E5%BC%A0"]


@pytest.mark.parametrize("address", OUTSIDE)
def test_c7_after_signing_in_nobody_is_sent_elsewhere(app, address):
    assert try_sign_in(app.test_client(), "auditor", to=address).location == "/"


@pytest.mark.parametrize("address", OUTSIDE)
def test_c7_the_same_for_the_header_of_htmx(app, address):
    headers = {"HX-Request": "true"}
    answer = try_sign_in(app.test_client(), "auditor", to=address, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/")


@pytest.mark.parametrize("address", INSIDE)
def test_c7_a_page_of_ours_is_found_again(app, address):
    assert try_sign_in(app.test_client(), "auditor", to=address).location == address


@pytest.mark.parametrize("address", OUTSIDE)
def test_c7_a_referrer_cannot_choose_where_signing_in_leads(app, address):
    referrer = "".join(filter(str.isprintable, address))
    answer = app.test_client().post("/logout", headers={"Referer": referrer})
    assert "evil" not in answer.location


def test_c7_an_ended_session_comes_back_to_the_form(app):
    answer = app.test_client().post(
        "/library/new", headers={"Referer": "http://localhost/library/new"}
    )
    assert answer.location == "/login?next=/library/new&expired=1"


class Wire:
    """Requests over a socket to the server of production, so that no test client is polite for us."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        self.headers = {}

    def ask(self, method, path, fields=None, **headers):
        body = urlencode(fields) if fields is not None else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        self.connection.request(method, path, body, self.headers | form | headers)
        answer = self.connection.getresponse()
        answer.text = answer.read().decode()
        if cookie := answer.headers["Set-Cookie"]:
            self.headers["Cookie"] = cookie.partition(";")[0]
        return answer

    def sign_in(self, username):
        token = TOKEN.search(self.ask("GET", "/login").text).group(1)
        fields = {"username": username, "password": PASSWORD, "csrf_token": token}
        assert self.ask("POST", "/login", fields).status == 303
        return self


@pytest.fixture
def wire(app):
    @public
    def echo():
        return f"{hx.decoded('HX-Prompt')}|{hx.decoded('HX-Target')}"

    app.add_url_rule("/echo", "echo", echo)
    with live.portal(app) as address:
        yield Wire(address)


def test_e1_words_typed_into_a_prompt_arrive_readable(wire):
    sent = {"HX-Prompt": quote("材料不全，请补充"), "HX-Prompt-URI-AutoEncoded": "true"}
    answer = wire.ask("GET", "/echo", **sent)
    assert answer.text == "材料不全，请补充|"


def test_e1_a_header_that_htmx_did_not_encode_is_left_alone(wire):
    assert wire.ask("GET", "/echo", **{"HX-Prompt": "100%25"}).text == "100%25|"


def test_e1_no_answer_has_raw_chinese_in_its_headers(wire):
    """A real server refuses such a header, a test client does not notice."""
    wire.sign_in("auditor")
    for path in ("/", "/library/?q=" + quote("村"), "/nowhere/" + quote("村"), "/library/import"):
        for headers in ({}, {"HX-Request": "true", "HX-Target": "rows"}):
            answer = wire.ask("GET", path, **headers)
            assert answer.status < 500
            assert all(f"{name}{value}".isascii() for name, value in answer.getheaders())


def test_c5_over_the_wire_a_fragment_asks_for_the_sign_in_page(wire):
    chinese = "http://127.0.0.1/library/?q=" + quote("东村")
    answer = wire.ask("GET", "/library/", **{"HX-Request": "true", "HX-Current-URL": chinese})
    assert (answer.status, answer.text) == (401, "")
    assert answer.headers["HX-Redirect"].isascii()
    assert "next=/library/" in answer.headers["HX-Redirect"]


@pytest.mark.parametrize("junk", ["a" * 9000, "%0d%0aSet-Cookie:x=1", "\x01\x02"])
def test_strange_htmx_headers_are_no_fault(app, junk):
    with app.test_request_context(headers={"HX-Request": "true", "HX-Target": junk}):
        assert hx.wants("rows") is False
        assert request.htmx.target is not None
