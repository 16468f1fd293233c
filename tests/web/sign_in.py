"""Signing in as a browser does: with the real form, token and cookie."""

import re
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def token_of(page: TestResponse) -> str:
    """The CSRF token in the page's form."""
    return TOKEN.search(page.text).group(1)


def try_sign_in(
    http: FlaskClient, username: str, password: str = PASSWORD, *, to: str = "", **options
) -> TestResponse:
    """Open the sign-in page and send its form."""
    address = "/login" + (f"?{urlencode({'next': to})}" if to else "")
    fields = {"username": username, "password": password, "csrf_token": token_of(http.get(address))}
    return http.post(address, data=fields, **options)


def is_signed_in(http: FlaskClient) -> bool:
    """Whether the home page opens."""
    return http.get("/").status_code == 200
