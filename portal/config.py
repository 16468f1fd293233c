"""Settings: defaults and the ``PORTAL_*`` environment. Nothing else in the code reads the environment.

=========================== ============================================================
PORTAL_INSTANCE             run-time folder (database, uploads, mail files, public site)
PORTAL_DATABASE_URL         e.g. ``postgresql+psycopg://portal@db/portal``
PORTAL_TODAY                stand on this day (``YYYY-MM-DD``); demo and tests
PORTAL_ENV                  ``production`` refuses unsafe settings at start
PORTAL_INSECURE_HTTP        ``1``: plain HTTP, cookie ``portal``, banner on every page
PORTAL_BASE_URL             address in mails, e.g. ``https://portal.county.gov.cn``
PORTAL_SITE_URL             address of the public site, for links to what is published
PORTAL_TRUSTED_HOSTS        host names, separated by commas
PORTAL_PROXY_HOPS           number of trusted reverse proxies
PORTAL_RULEBOOK             folder with the county's own rule tables
PORTAL_SMTP_HOST …          HOST, PORT, SECURITY (starttls, tls, none), USER, PASSWORD, FROM
=========================== ============================================================
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024


class ConfigError(Exception):
    """A setting that cannot be used; the message says which one and what it should look like."""


@dataclass(frozen=True)
class SmtpSettings:
    """How mail leaves the county; ``host`` empty means that mails go to files."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


def load(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Flask settings from the environment; keys are made in the instance folder on first use."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("PORTAL_INSTANCE") or "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    insecure = env.get("PORTAL_INSECURE_HTTP") == "1"
    production = env.get("PORTAL_ENV") == "production"
    settings = {
        "INSTANCE": instance,
        "PRODUCTION": production,
        "INSECURE_HTTP": insecure,
        "STANDING_DAY": _day(env.get("PORTAL_TODAY")),
        "BASE_URL": env.get("PORTAL_BASE_URL", "").rstrip("/"),
        "SITE_URL": env.get("PORTAL_SITE_URL", "").rstrip("/"),
        "TRUSTED_HOSTS": [h for h in env.get("PORTAL_TRUSTED_HOSTS", "").split(",") if h] or None,
        "PROXY_HOPS": int(env.get("PORTAL_PROXY_HOPS") or 0),
        "RULEBOOK": Path(env["PORTAL_RULEBOOK"]) if env.get("PORTAL_RULEBOOK") else None,
        "SMTP": _smtp(env),
        "SECRET_KEY": key(instance, "session.key"),
        "AUDIT_KEY": key(instance, "audit.key"),
        "SQLALCHEMY_DATABASE_URI": env.get("PORTAL_DATABASE_URL")
        or f"sqlite:///{instance / 'portal.db'}",
        "SESSION_COOKIE_NAME": "portal" if insecure else "__Host-portal",
        "SESSION_COOKIE_SECURE": not insecure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        # A late answer that sent the old cookie again would wipe out what another page was to say.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": 50 * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "MAX_FORM_PARTS": 5000,
        "PREFERRED_URL_SCHEME": "http" if insecure else "https",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_I18N_ENABLED": False,
        "BOOTSTRAP_SERVE_LOCAL": True,
    }
    if production:
        _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Mapping[str, Any]) -> None:
    problems = [
        problem
        for wrong, problem in (
            (settings["INSECURE_HTTP"], "PORTAL_INSECURE_HTTP=1 must not be set in production"),
            (not settings["BASE_URL"], "PORTAL_BASE_URL is missing"),
            (not settings["TRUSTED_HOSTS"], "PORTAL_TRUSTED_HOSTS is missing"),
            (settings["STANDING_DAY"], "PORTAL_TODAY must not be set in production"),
        )
        if wrong
    ]
    if problems:
        raise ConfigError("; ".join(problems))


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"PORTAL_TODAY must be a date like 2023-03-20, found {text!r}") from None


def _smtp(env: Mapping[str, str]) -> SmtpSettings:
    security = env.get("PORTAL_SMTP_SECURITY", "starttls")
    if security not in {"starttls", "tls", "none"}:
        raise ConfigError(f"PORTAL_SMTP_SECURITY must be starttls, tls or none, found {security!r}")
    return SmtpSettings(
        host=env.get("PORTAL_SMTP_HOST", ""),
        port=int(env.get("PORTAL_SMTP_PORT") or (465 if security == "tls" else 587)),
        security=security,
        user=env.get("PORTAL_SMTP_USER", ""),
        password=env.get("PORTAL_SMTP_PASSWORD", ""),
        sender=env.get("PORTAL_SMTP_FROM", "portal@localhost"),
    )


def key(instance: Path, name: str) -> bytes:
    """32 random bytes kept beside the data, readable by the owner only; made on first use."""
    folder = instance / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        _write_once(path, secrets.token_bytes(32))
    return path.read_bytes()


def _write_once(path: Path, key: bytes) -> None:
    """Put the whole key in place at once; whoever comes second leaves the first one's key alone."""
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
