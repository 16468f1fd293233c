"""What this machine offers to the tests: a Chromium, a PostgreSQL server, a disk to be filled.

Tests that need what is missing are skipped and the run says so at its end; with
PORTAL_REQUIRE_ALL=1 they fail instead, so that a green run cannot hide a missing browser. Only the
disk may be missing then too: a sandbox often lets nobody mount.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import URL, Engine, create_engine, make_url, text

from tests import full_disk

GROUPS = {"browser": "browser", "postgres": "postgres_url", "disk": "small_disk"}
"""Marker -> the fixture by which a test asks for it."""
REQUIRED = ("browser", "postgres")
CLEANER = ThreadPoolExecutor(1)
"""Drops databases, which takes a checkpoint each, while the next tests run."""
COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
WINDOWS_PROGRAMS = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"]
WINDOWS_FOLDERS = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def chromium() -> str | None:
    """Find a Chromium: PORTAL_CHROMIUM, the search path, then the usual places."""
    if named := os.environ.get("PORTAL_CHROMIUM"):
        return shutil.which(named)
    found = next((path for path in map(shutil.which, COMMANDS) if path), None)
    folders = [Path(os.environ[name]) for name in WINDOWS_FOLDERS if name in os.environ]
    usual = [folder / program for folder in folders for program in WINDOWS_PROGRAMS]
    return found or next((str(path) for path in [*usual, Path(MAC)] if path.is_file()), None)


def missing(group: str) -> str | None:
    """Say what a marked group of tests lacks here and how to mend it, or return None."""
    if group == "browser" and chromium() is None:
        return "no Chromium found: install chromium or set PORTAL_CHROMIUM"
    if group == "postgres" and not os.environ.get("PORTAL_TEST_POSTGRES"):
        return "PORTAL_TEST_POSTGRES is not set"
    return full_disk.why_no_disk() if group == "disk" else None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what opens a page or asks for the server, so that nobody can forget the marker."""
    names = getattr(item, "fixturenames", ())
    for group, fixture in GROUPS.items():
        if fixture in names:
            item.add_marker(group)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail when everything is required, before any fixture is made."""
    for group in GROUPS:
        required = group in REQUIRED and os.environ.get("PORTAL_REQUIRE_ALL")
        refuse = pytest.fail if required else pytest.skip
        if item.get_closest_marker(group) and (reason := missing(group)):
            refuse(f"{group}: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line which groups did not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr) for report in skipped]
    counts = {group: sum(f"Skipped: {group}:" in why for why in reasons) for group in GROUPS}
    told = [f"{count} {group} tests ({missing(group)})" for group, count in counts.items() if count]
    if told:
        terminalreporter.write_line("NOT RUN: " + "; ".join(told), yellow=True)


def pytest_unconfigure() -> None:
    """Leave no database behind."""
    CLEANER.shutdown()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the Chromium of this machine; its sandbox refuses to work for root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": chromium(), "args": ["--no-sandbox"] if root else []}


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """A machine that runs other tests beside this one shows a page late: that is no fault of the page."""
    expect.set_options(timeout=20_000)


@contextmanager
def postgres_database(template: str) -> Iterator[URL]:
    """A database of its own on the server of PORTAL_TEST_POSTGRES, made after a template."""
    server = make_url(os.environ["PORTAL_TEST_POSTGRES"]).set(drivername="postgresql+psycopg")
    name = f"portal_test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}"))
    yield server.set(database=name)
    CLEANER.submit(_drop, engine, name)


def _drop(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[URL]:
    """Give an empty database."""
    with postgres_database("template0") as url:
        yield url


@pytest.fixture
def postgres_copy(postgres_url: URL) -> Iterator[URL]:
    """Give a fresh copy of that database as it is by now."""
    with postgres_database(str(postgres_url.database)) as url:
        yield url


@pytest.fixture
def small_disk() -> Callable[[Path, int], AbstractContextManager[Path]]:
    """Give what mounts a file system of so many kilobytes on a folder."""
    return full_disk.small_disk
