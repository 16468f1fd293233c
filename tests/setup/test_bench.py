"""The bench harness: fair pairs, honest verdicts, and nothing but JSON on standard output."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import bench
import manage

MODULE = """
import subprocess, sys
from bench import paired

def row(goal):
    print("noise")
    subprocess.run([sys.executable, "-c", "print('noise of a child')"], check=True)
    numbers = list(range(2000))
    timed = paired(lambda: sum(numbers * 50), lambda: sum(numbers))
    return {"compared_with": "one sum", "goal": goal, "numbers": 2000, **timed}

BENCHES = {"sum-low": lambda: row("<= 0.1"), "sum-high": lambda: row(">= 2")}
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "bench").mkdir()
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(manage.ROOT / "bench" / name, tmp_path / "bench")
    (tmp_path / "bench" / "sums.py").write_text(MODULE)

    def bench_in_a_copy(*arguments):
        command = [sys.executable, "-m", "bench", *arguments]
        return subprocess.run(
            command, check=False, cwd=tmp_path, env=os.environ, capture_output=True, text=True
        )

    return bench_in_a_copy


def test_json_is_all_of_standard_output(run):
    done = run("--json")
    low, high = json.loads(done.stdout)
    assert (low["name"], low["met"], low["numbers"]) == ("sum-low", False, 2000)
    assert (high["name"], high["met"]) == ("sum-high", True)
    assert high["ratio"] == pytest.approx(high["seconds"] / high["limit_seconds"])
    assert "noise of a child" in done.stderr


def test_the_table_shows_one_named_row(run):
    heading, row, machine = run("sum-high").stdout.splitlines()
    assert " ".join(heading.split()) == "name compared with seconds limit seconds ratio goal met"
    assert row.startswith("sum-high")
    assert row.endswith("yes")
    assert "cores" in machine


def test_an_unknown_name_is_refused_with_the_choice(run):
    done = run("sums-high", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "choose from: sum-high, sum-low, sums" in done.stderr


def test_pairs_run_in_turn():
    order = []
    timed = bench.paired(lambda: order.append("ours"), lambda: order.append("limit"), rounds=3)
    assert order == ["ours", "limit"] * 4
    assert timed["rounds"] == 3
