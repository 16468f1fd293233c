"""The demo county as the first start makes it, on a day of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.demo.people import PASSWORD
from tests import live

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Demo:
    """A served demo county; ``site`` is the folder of its public pages."""

    address: str
    public_address: str
    site: Path
    app: Flask
    settings: dict[str, str]
    password: str = PASSWORD

    def flask(self, *arguments: str) -> str:
        """Run a command of the portal on this county; what it printed."""
        return flask(self.settings, *arguments)


def flask(settings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def demo_county(instance: Path, day: date | None, *, name: str = "") -> Iterator[Demo]:
    """Prepare a county like ``manage.py run`` and serve it; ``None`` is the demo's own day.

    With a ``name`` it is that demo and not the first one.
    """
    settings = {"PORTAL_INSTANCE": str(instance), "PORTAL_INSECURE_HTTP": "1", "PYTHONUTF8": "1"}
    settings |= {"PORTAL_TODAY": day.isoformat()} if day else {}
    if name:
        flask(settings, "db", "upgrade")
        flask(settings, "demo", "load", name)
    flask(settings, "prepare")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        app = create_app(TESTING=True)
    site = instance / "public"
    with live.portal(app) as address, live.public_site(site) as public_address:
        yield Demo(address, public_address, site, app, settings)
