"""A build that is killed at any moment leaves the last good site served."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from published import published
from trees import tree

from public_site import JsonLines, build, check, export

ROUNDS = int(os.environ.get("PORTAL_FAULT_ROUNDS", "5"))
ROOT = Path(__file__).parents[2]


class Reader(threading.Thread):
    """A visitor who opens pages all the time and compares each with its site's manifest."""

    def __init__(self, out: Path) -> None:
        super().__init__(daemon=True)
        self.out = out
        self.seen = 0
        self.faults: list[str] = []
        self.over = False

    def run(self) -> None:
        while not self.over:
            before = self.out.readlink()
            manifest = json.loads(self._read(before, "manifest.json"))["files"]
            for path in ("index.html", "projects/p-000003.html", "data/projects.csv"):
                if sha256(self._read(before, path)).hexdigest() != manifest[path]:
                    self.faults.append(f"mixed: {path}")
            self._whole("index.html")
            self.seen += 1

    def _read(self, release: Path, path: str) -> bytes:
        try:
            return (self.out.parent / release / path).read_bytes()
        except FileNotFoundError:
            self.faults.append(f"missing: {release}/{path}")
            raise

    def _whole(self, path: str) -> None:
        try:
            assert (self.out / path).read_bytes().endswith(b"</html>")
        except (FileNotFoundError, AssertionError):
            self.faults.append(f"torn or missing: {path}")


def started(data: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "public_site", str(data), str(out)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and links are POSIX")
def test_r3_a_killed_build_leaves_the_whole_old_or_the_whole_new_site(tmp_path: Path):
    data, out = published(1_100), tmp_path / "public"
    export(data, tmp_path / "data")
    began = time.monotonic()
    assert started(tmp_path / "data", out).wait() == 0
    length = time.monotonic() - began
    good = [tree(out)]
    reader = Reader(out)
    reader.start()
    for number in range(ROUNDS):
        data.change_project(f"p-{number:06}", name=f"第{number}次改名")
        if number % 2:
            data.change_notice("n-00000", title=f"第{number}次更正")
        export(data, tmp_path / "data")
        process = started(tmp_path / "data", out)
        time.sleep(random.random() * length)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert check(out) == []
        build(JsonLines(tmp_path / "data"), tmp_path / "goal")
        good.append(tree(tmp_path / "goal"))
        assert tree(out) in good
    reader.over = True
    reader.join()
    assert reader.seen
    assert reader.faults == []
    build(JsonLines(tmp_path / "data"), out)
    assert tree(out) == good[-1]
    left = {path.name for path in (tmp_path / "public.releases").iterdir()}
    assert {name for name in left if not name.split(".")[0].isdigit()} == {"lock"}


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and process groups are POSIX")
def test_r3_the_workers_of_a_killed_build_end_with_it(tmp_path: Path):
    export(published(1_100), tmp_path / "data")
    process = subprocess.Popen(
        [sys.executable, "-m", "public_site", str(tmp_path / "data"), str(tmp_path / "public")],
        cwd=ROOT,
        start_new_session=True,
    )
    while not list(tmp_path.glob("public.releases/fresh/projects/*")):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    for _ in range(500):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("a worker outlived its build")
