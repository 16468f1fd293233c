"""kill -9 while allocations are saved: what was acknowledged is there, nothing by half (R1)."""

import os
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from portal.audit.models import AuditEntry
from portal.audit.queries import broken_links
from portal.db import db
from portal.funds.models import Allocation
from tests import ledger
from tests.client import Client

ROOT = Path(__file__).parents[2]
KILLS = max(int(os.environ.get("PORTAL_FAULT_ROUNDS", "50")) // 10, 1)
CLIENTS = 8
SECONDS_TO_START = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The portal in a process of its own, as ``manage.py run`` serves it."""

    def __init__(self, instance: Path) -> None:
        self.port = free_port()
        environment = os.environ | {
            "PORTAL_INSTANCE": str(instance),
            "PORTAL_TODAY": ledger.TODAY.isoformat(),
            "PORTAL_INSECURE_HTTP": "1",
        }
        environment.pop("PORTAL_DATABASE_URL", None)
        command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{self.port}", "wsgi:app"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            if self.post("/healthz", "", {}) is not None:
                return
            time.sleep(0.05)
        self.kill()
        pytest.fail("the portal did not start")

    def post(self, path: str, body: str, headers: dict[str, str]) -> int | None:
        """The status of the answer; None when the server died before it answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Clerks:
    """Many people saving at once; ``acknowledged`` is what they were told is saved."""

    server: Server
    headers: dict[str, str]
    pairs: list[tuple[str, int]]
    acknowledged: set[tuple[str, int]] = field(default_factory=set)

    def save(self) -> None:
        """Save one line after the other until the server is gone."""
        while self.pairs:
            path, project_id = self.pairs.pop()
            body = urlencode({f"amount-{project_id}": "1"})
            status = self.server.post(path, body, self.headers)
            if status is None:
                return
            assert status == 303
            self.acknowledged.add((path, project_id))


def headers_of(client: Client) -> dict[str, str]:
    cookie = client.http.get_cookie("portal")
    return {
        "Cookie": f"portal={cookie.value}",
        "X-CSRFToken": client.csrf_token,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def stored() -> set[tuple[str, int]]:
    return {
        (f"/funds/batches/{line.batch_id}/arrange/{line.document_id}/cells", line.project_id)
        for line in db.session.query(Allocation)
    }


def test_r1_kill_9_loses_nothing_that_was_acknowledged(app, world):
    document = ledger.add_document(world, amount=100_000)
    projects = [ledger.add_project(world, f"项目{n}", 1000) for n in range(30)]
    batches = [ledger.add_batch(world) for _ in range(4 * KILLS)]
    pairs = [
        (f"/funds/batches/{batch.id}/arrange/{document.id}/cells", project.id)
        for batch in batches
        for project in projects
    ]
    headers = headers_of(Client(app).sign_in("finance_agri"))
    db.session.rollback()
    acknowledged: set[tuple[str, int]] = set()
    dice = random.Random(1)
    for _ in range(KILLS):
        server = Server(app.config["INSTANCE"])
        clerks = Clerks(server, headers, pairs)
        with ThreadPoolExecutor(CLIENTS) as pool:
            saving = [pool.submit(clerks.save) for _ in range(CLIENTS)]
            time.sleep(dice.uniform(0.3, 1.2))
            server.kill()
        for one in saving:
            one.result()
        acknowledged |= clerks.acknowledged

    assert acknowledged, "nothing was saved before the kills"
    assert acknowledged <= stored()
    assert ledger.differences() == []
    assert list(broken_links()) == []
    traced = db.session.query(AuditEntry).filter_by(table_name="allocation", result="insert")
    assert traced.count() == len(stored())
    for check, whole in (("integrity_check", ["ok"]), ("foreign_key_check", [])):
        answer = db.session.execute(sa.text(f"PRAGMA {check}")).scalars().all()
        assert answer == whole
