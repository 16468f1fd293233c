"""The environment is made once, renewed when the lock changes, and failures say what to do."""

import os
import shutil
import subprocess
import sys

import pytest

import manage

INSTALLING = "Installing the packages of requirements-dev.lock"
UNKNOWN = "no-such-package==1 --hash=sha256:" + "0" * 64 + "\n"


@pytest.fixture
def project(tmp_path):
    """A project of one printing benchmark and no packages."""
    shutil.copy(manage.__file__, tmp_path)
    for lock in (manage.RUN_LOCK, manage.PUBLISH_LOCK, manage.DEV_LOCK):
        (tmp_path / lock.name).write_text(f"# {lock.name}\n")
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "__main__.py").write_text("print('measured')\n")
    return tmp_path


def bench(project):
    return subprocess.run(
        [sys.executable, str(project / "manage.py"), "bench"],
        check=False,
        env=os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""},
        capture_output=True,
        text=True,
    )


def test_the_environment_is_made_once_and_renewed_with_the_lock(project):
    first, second = bench(project), bench(project)
    assert (first.returncode, first.stdout) == (0, "measured\n")
    assert INSTALLING in first.stderr
    assert (second.returncode, second.stdout, second.stderr) == (0, "measured\n", "")

    (project / "requirements-dev.lock").write_text(UNKNOWN)
    broken = bench(project)
    assert broken.returncode == 1
    assert "No matching distribution found for no-such-package==1" in broken.stderr
    assert "manage.py wheelhouse" in broken.stderr

    (project / "requirements-dev.lock").write_text("# renewed\n")
    mended = bench(project)
    assert mended.returncode == 0
    assert INSTALLING in mended.stderr


def test_a_python_without_venv_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(manage.Trouble, match="sudo apt install python3-venv"):
        manage.make_venv(tmp_path / "venv")
    assert not (tmp_path / "venv").exists()
