"""The portal and its public site on ports of this machine, as people meet them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from portal import clock
from portal.publication.server import server as site_server
from portal.scheduler.jobs import JOBS, run_if_due

MORNING = time(8, 0, tzinfo=clock.SHANGHAI)


@contextmanager
def portal(app: Flask) -> Iterator[str]:
    """Serve the app by the web server of production; yields its address, which mails then name too."""
    sockets: dict[int, object] = {}
    server = create_server(
        app, map=sockets, host="127.0.0.1", port=0, clear_untrusted_proxy_headers=True
    )
    stopped = Event()

    def run() -> None:
        while not stopped.is_set():
            wasyncore.loop(timeout=0.1, map=sockets, count=1)

    thread = Thread(target=run, name="portal")
    thread.start()
    address = app.config["BASE_URL"] = f"http://127.0.0.1:{server.effective_port}"
    try:
        yield address
    finally:
        stopped.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)


@contextmanager
def public_site(root: Path) -> Iterator[str]:
    """Serve a built site by the portal's own trial server; yields its address."""
    server = site_server(root, 0)
    thread = Thread(target=server.serve_forever, name="public site")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def scheduler_tick(app: Flask) -> dict[str, str | None]:
    """What the clock process does when it wakes in the morning; what each job said, by its name."""
    morning = datetime.combine(app.config["STANDING_DAY"], MORNING)
    return {job.name: run_if_due(job, morning) for job in JOBS}
