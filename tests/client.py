"""An HTTP client for tests: signs in without the cost of a password hash and sends CSRF tokens."""

import hashlib
import json
import secrets
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from portal.accounts.models import SignIn, User
from portal.accounts.sessions import TOKEN, actor_of
from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.rules.access import SYSTEM

RAW_CSRF = "c" * 40


class Browser(FlaskClient):
    """Each request has an app context of its own, as in production; the test's session sees its outcome.

    Without this, a request in a test with a pushed context would share ``g`` and the database session.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request."""
        if has_app_context():
            db.session.rollback()
        with self.application.app_context():
            return super().open(*args, **kwargs)


class Client:
    """``client.sign_in("approver"); client.get("/"); client.post("/funds/", {...})``."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def sign_in(self, username: str) -> "Client":
        """Begin a session as this person; the row is the one a real sign-in would write."""
        token = secrets.token_urlsafe(16)
        with self.app.app_context(), unit_of_work(SYSTEM, "test_sign_in"):
            user = db.session.scalars(sa.select(User).filter_by(username=username)).one()
            at = real_now()
            db.session.add(
                SignIn(
                    token_hash=hashlib.sha256(token.encode()).hexdigest(),
                    user_id=user.id,
                    actor=json.dumps(asdict(actor_of(user)), default=str),
                    started_at=at,
                    last_seen_at=at,
                    ip="127.0.0.1",
                    user_agent="test",
                )
            )
        with self.http.session_transaction() as session:
            session[TOKEN] = token
            session["csrf_token"] = RAW_CSRF
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        """A GET as the signed-in person."""
        return self.http.get(path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> TestResponse:
        """A POST with a valid CSRF token, as the page's own form would send it."""
        headers = {"X-CSRFToken": self.csrf_token, "Referer": "http://localhost/"}
        headers |= options.pop("headers", {})
        return self.http.post(path, data=data, headers=headers, **options)

    @property
    def csrf_token(self) -> str:
        """A token that fits the session of :meth:`sign_in`."""
        return URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(RAW_CSRF)
