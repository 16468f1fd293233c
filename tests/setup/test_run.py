"""`manage.py run` brings up portal, scheduler and public site, and takes all of them down again."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

import manage

READY = "Ctrl+C ends both."


def free_pair():
    """Find a port that is free together with its neighbour."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = first.getsockname()[1]
        try:
            manage.refuse_busy(port, port)
            manage.refuse_busy(port + 1, port)
        except manage.Trouble:
            continue
        return port


@pytest.fixture
def start(tmp_path):
    """Start the portal in a folder of its own; give the process, its port and what it printed."""
    port = free_pair()
    running = []

    def start_once():
        process = subprocess.Popen(
            [sys.executable, manage.__file__, "run", "--port", str(port)],
            env=os.environ | {"PORTAL_INSTANCE": str(tmp_path / "instance")},
            stdout=subprocess.PIPE,
            stderr=(tmp_path / "errors.txt").open("w"),
            text=True,
            encoding="utf-8",
        )
        running.append(process)
        printed = []
        while not printed or printed[-1] != READY:
            line = process.stdout.readline()
            assert line, (tmp_path / "errors.txt").read_text()
            printed.append(line.strip())
        return process, port, printed

    yield start_once
    for process in running:
        process.terminate()
        process.wait(90)


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_all_comes_up_goes_down_and_comes_up_again(start):
    for _ in range(2):
        process, port, printed = start()
        assert f"Portal       http://127.0.0.1:{port}/" in printed
        assert f"Public site  http://127.0.0.1:{port + 1}/" in printed
        status, body = get(port, "/healthz")
        assert (status, json.loads(body)["status"]) == (200, "ok")
        assert get(port + 1, "/index.html")[0] == 200
        children = psutil.Process(process.pid).children()
        assert len(children) == 3

        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        _gone, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []


def test_when_one_program_dies_the_others_end_and_it_is_named(start, tmp_path):
    process, _, _ = start()
    children = psutil.Process(process.pid).children()
    next(child for child in children if "scheduler" in child.cmdline()).kill()
    assert process.wait(90) == 1
    assert "The scheduler has ended" in (tmp_path / "errors.txt").read_text()
    assert not any(child.is_running() for child in children)
