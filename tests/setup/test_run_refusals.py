"""`manage.py run` refuses what would hurt, before it changes anything, and says how to mend it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import manage


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, manage.__file__, "run", *arguments],
        check=False,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def test_a_busy_port_is_named_with_the_way_out(busy_port, tmp_path):
    done = run("--port", str(busy_port), PORTAL_INSTANCE=str(tmp_path / "instance"))
    assert done.returncode == 1
    assert f"Port {busy_port} cannot be used" in done.stderr
    assert "--port 8100" in done.stderr
    assert not (tmp_path / "instance").exists()


def test_the_port_of_the_public_site_is_checked_too(busy_port):
    with pytest.raises(manage.Trouble, match=f"needs {busy_port - 1} and {busy_port}"):
        manage.refuse_busy(busy_port, busy_port - 1)


def test_a_port_that_cannot_exist_is_refused():
    with pytest.raises(manage.Trouble, match="Port 70000 cannot be used"):
        manage.refuse_busy(70000, 70000)


def test_a_port_that_was_given_back_is_accepted():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    manage.refuse_busy(port, port)


def test_fresh_keeps_a_foreign_folder(tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("not the portal's")
    with pytest.raises(manage.Trouble, match=r"holds no portal\.db"):
        manage.empty_instance(tmp_path)
    assert letter.read_text() == "not the portal's"


def test_fresh_keeps_a_file(tmp_path):
    file = tmp_path / "instance"
    file.write_text("a file")
    with pytest.raises(manage.Trouble, match="will not delete"):
        manage.empty_instance(file)
    assert file.exists()


@pytest.mark.parametrize("folder", [manage.ROOT, manage.ROOT.parent, Path.home(), Path("/")])
def test_fresh_keeps_the_folders_above(folder):
    with pytest.raises(manage.Trouble, match="will not delete"):
        manage.empty_instance(folder.resolve())


def test_fresh_does_not_pretend_to_empty_another_database(tmp_path, monkeypatch):
    (tmp_path / "portal.db").touch()
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://127.0.0.1/county")
    with pytest.raises(manage.Trouble, match="PORTAL_DATABASE_URL"):
        manage.empty_instance(tmp_path)
    assert (tmp_path / "portal.db").exists()


@pytest.mark.parametrize("names", [["portal.db", "uploads", "keys"], ["keys"], []])
def test_fresh_deletes_its_own_folder(tmp_path, names):
    folder = tmp_path / "instance"
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    manage.empty_instance(folder)
    assert not folder.exists()
    manage.empty_instance(folder)
