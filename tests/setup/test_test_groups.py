"""Tests that need a browser or a PostgreSQL server are never left out silently."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

import manage

TESTS = """
import pytest

@pytest.mark.postgres
def test_marked(): ...

def test_opens_a_page(page): ...

def test_plain(): ...
"""


@pytest.fixture
def bare_machine(tmp_path):
    """Run pytest over three tests as on a machine without Chromium and PostgreSQL."""
    (tmp_path / "test_groups.py").write_text(TESTS)

    def run(**environment):
        command = [sys.executable, "-m", "pytest", "-p", "tests.environment", str(tmp_path)]
        bare = {"PORTAL_CHROMIUM": str(tmp_path / "none"), "PORTAL_TEST_POSTGRES": ""}
        bare |= {"PORTAL_REQUIRE_ALL": "", "PYTHONPATH": str(manage.ROOT)}
        command += ["-c", str(manage.ROOT / "pyproject.toml"), f"--rootdir={tmp_path}"]
        return subprocess.run(
            command,
            check=False,
            env=os.environ | bare | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return run


def test_what_did_not_run_is_said_in_one_line(bare_machine):
    done = bare_machine()
    assert done.returncode == 0
    line = next(line for line in done.stdout.splitlines() if "NOT RUN" in line)
    assert "1 browser tests (no Chromium found: install chromium or set PORTAL_CHROMIUM)" in line
    assert "1 postgres tests (PORTAL_TEST_POSTGRES is not set)" in line
    assert "1 passed, 2 skipped" in done.stdout


def test_required_groups_fail_instead(bare_machine):
    done = bare_machine(PORTAL_REQUIRE_ALL="1")
    assert done.returncode == 1
    assert "1 passed, 2 errors" in done.stdout
    assert "NOT RUN" not in done.stdout


def test_the_browser_of_this_machine_is_used(browser):
    assert browser.is_connected()


def test_each_run_has_a_database_of_its_own(postgres_url):
    assert postgres_url.database.startswith("portal_test_")
    with create_engine(postgres_url).connect() as connection:
        assert connection.scalar(text("SELECT current_database()")) == postgres_url.database
