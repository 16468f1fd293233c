"""Set up, run, test and measure the county fund portal: `python3 manage.py --help`.

Standard library only, because it makes the environment that everything else lives in. Its syntax
stays readable for Python 3.6, so that an old Python gets a sentence and not a SyntaxError.
"""

import argparse
import hashlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
INSTALLED = VENV / "installed"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
WHEELS = ROOT / "wheels"
RUN_LOCK = ROOT / "requirements.lock"
PUBLISH_LOCK = ROOT / "requirements-publish.lock"  # with what makes PDF files of posters
DEV_LOCK = ROOT / "requirements-dev.lock"
HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_END = 10
TEMPLATES = ["portal/templates", "public_site/templates"]


def outdated(major: int, minor: int) -> str:
    """Say what is wrong with this Python and how to mend it; nothing when it is new enough."""
    if (major, minor) >= (3, 11):
        return ""
    return (
        f"This is Python {major}.{minor}; the portal needs Python 3.11 or newer.\n"
        "Debian/Ubuntu: sudo apt install python3.11 python3.11-venv, then use python3.11.\n"
        "Windows and others: install it from python.org and start manage.py with it."
    )


if outdated(*sys.version_info[:2]):
    sys.exit(outdated(*sys.version_info[:2]))


Child = subprocess.Popen[bytes]


class Trouble(Exception):
    """Something the user can mend; the message says what is wrong and how."""


def say(text: str) -> None:
    """Tell the user on standard error; standard output belongs to the command's result."""
    print(text, file=sys.stderr, flush=True)


def environment(*locks: Path) -> None:
    """Make `.venv` hold exactly what the last of `locks` pins; do nothing when it already does.

    The locks before the last are those it includes, so that they need no installation of their own.
    """
    wanted = [f"python-{sys.version_info.major}.{sys.version_info.minor}"]
    wanted += [hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks]
    present = INSTALLED.read_text().split() if INSTALLED.is_file() and PYTHON.exists() else []
    if set(wanted) <= set(present):
        return
    # Whoever runs this by the environment's own Python keeps it: nobody saws off his branch.
    if wanted[0] not in present and Path(sys.prefix) != VENV:
        make_venv(VENV)
    say(f"Installing the packages of {locks[-1].name}; the first time takes about a minute ...")
    install(locks[-1])
    INSTALLED.write_text("\n".join(wanted) + "\n")


def make_venv(folder: Path) -> None:
    """Make a virtual environment, replacing a half-made one or one of another Python."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Trouble(
            "This Python cannot make virtual environments. "
            "On Debian/Ubuntu: sudo apt install python3-venv, then start again."
        )
    made = quietly([sys.executable, "-m", "venv", "--clear", str(folder)])
    if made.returncode:
        raise Trouble(
            f"Cannot make {folder}:\n{last_lines(made)}\n"
            "End programs that use it, check the free space and the rights, then start again."
        )


def install(lock: Path) -> None:
    """Install a lock file; packages carried along in `wheels/` spare the network."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "-r", str(lock)]
    if WHEELS.is_dir():
        carried = [*command, "--no-index", "--find-links", str(WHEELS)]
        if quietly(carried).returncode == 0:
            return
        say("wheels/ lacks a package; asking the package index ...")
    done = quietly(command)
    if done.returncode:
        raise Trouble(
            f"The packages of {lock.name} could not be installed. pip says:\n{last_lines(done)}\n"
            "Without a network: run `python3 manage.py wheelhouse` on a connected machine with the "
            "same system and Python, copy its folder wheels/ here, and start again."
        )


def quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program and keep what it says for the case that it fails."""
    return subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")


def last_lines(done: subprocess.CompletedProcess[str], count: int = 12) -> str:
    """Return the end of what a program said, indented; both streams, as venv uses either."""
    lines = (done.stdout + done.stderr).strip().splitlines()[-count:]
    return "\n".join("    " + line for line in lines)


def wheelhouse() -> int:
    """Download every locked package into `wheels/`, for a machine without a network."""
    environment(RUN_LOCK, PUBLISH_LOCK)
    command = [str(PYTHON), "-m", "pip", "download", "--disable-pip-version-check"]
    command += ["--require-hashes", "-r", str(DEV_LOCK), "-d", str(WHEELS)]
    return subprocess.call(command)


def lock() -> int:
    """Renew the lock files from pyproject.toml, the smaller first so that their pins agree."""
    with tempfile.TemporaryDirectory() as folder:
        make_venv(Path(folder))
        scripts = Path(folder) / SCRIPTS.name
        uv = [str(scripts / "uv"), "pip", "compile", "pyproject.toml", "--quiet", "--upgrade"]
        uv += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
        uv += ["--no-emit-index-url", "--no-emit-find-links"]
        publish = ["--extra", "publish", "--constraint", RUN_LOCK.name]
        dev = ["--extra", "publish", "--group", "dev", "--constraint", PUBLISH_LOCK.name]
        steps = [
            [str(scripts / PYTHON.name), "-m", "pip", "install", "--quiet", "uv"],
            [*uv, "--output-file", RUN_LOCK.name],
            [*uv, *publish, "--output-file", PUBLISH_LOCK.name],
            [*uv, *dev, "--output-file", DEV_LOCK.name],
        ]
        return next((code for code in (subprocess.call(s, cwd=ROOT) for s in steps) if code), 0)


def run(port: int, fresh: bool) -> int:
    """Prepare and start portal, scheduler and public site; return when they have ended."""
    for signal_name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):
        signal.signal(getattr(signal, signal_name), signal.default_int_handler)
    for wanted in (port, port + 1):
        refuse_busy(wanted, port)
    instance = Path(os.environ.get("PORTAL_INSTANCE") or ROOT / "instance").resolve()
    if fresh:
        empty_instance(instance)
    environment(RUN_LOCK, PUBLISH_LOCK)
    os.environ.update(PORTAL_INSTANCE=str(instance), PORTAL_INSECURE_HTTP="1", PYTHONUTF8="1")
    os.environ.setdefault("PORTAL_BASE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("PORTAL_SITE_URL", f"http://{HOST}:{port + 1}")
    flask = [str(PYTHON), "-m", "flask", "--app", "wsgi"]
    failed = prepare(flask, instance)
    if failed:
        say("The portal could not be prepared; the lines above say why.")
        return failed
    return supervise(
        {
            "web server": [str(PYTHON), "-m", "waitress", f"--listen={HOST}:{port}", "wsgi:app"],
            "public site": [*flask, "site", "serve", "--port", str(port + 1)],
        },
        {"scheduler": [*flask, "scheduler"]},
        port,
    )


def prepare(flask: list[str], instance: Path) -> int:
    """Migrate, load the demo, build the site; a start with nothing new to prepare skips all three."""
    note = instance / "prepared"
    mark = prepared_mark()
    known, _line, logins = read_note(note).partition("\n")
    if known == mark and (os.environ.get("PORTAL_DATABASE_URL") or database(instance).is_file()):
        print(logins, end="", flush=True)
        return 0
    done = subprocess.run(
        [*flask, "prepare"], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    print(done.stdout, end="", flush=True)
    if done.returncode == 0:
        logins = (
            done.stdout[done.stdout.find("Demo logins") :] if "Demo logins" in done.stdout else ""
        )
        note.write_text(f"{mark}\n{logins}", encoding="utf-8")
    return done.returncode


def prepared_mark() -> str:
    """What a preparation depends on: the migrations, the database's address, the day it stands on."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        digest.update(path.read_bytes())
    for name in ("PORTAL_DATABASE_URL", "PORTAL_TODAY"):
        digest.update(os.environ.get(name, "").encode() + b"\0")
    return digest.hexdigest()


def read_note(path: Path) -> str:
    """The text of a file that may not be there yet."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def database(instance: Path) -> Path:
    """The SQLite file that is used where no other database is named."""
    return instance / "portal.db"


def refuse_busy(wanted: int, port: int) -> None:
    """Refuse a port that cannot be had, before anything is changed or started."""
    with socket.socket() as probe:
        # Elsewhere than on Windows the flag only forgives connections that are still fading away.
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except (OSError, OverflowError) as error:
            other = 8100 if port != 8100 else 8200
            raise Trouble(
                f"Port {wanted} cannot be used ({getattr(error, 'strerror', None) or error}). "
                f"The portal needs {port} and {port + 1}; choose another pair: "
                f"python3 manage.py run --port {other}"
            ) from error


def empty_instance(folder: Path) -> None:
    """Delete the run-time folder; refuse one that is not the portal's own."""
    if os.environ.get("PORTAL_DATABASE_URL"):
        raise Trouble(
            "--fresh empties the run-time folder only, and PORTAL_DATABASE_URL names a database "
            "elsewhere. Empty that database yourself, or unset PORTAL_DATABASE_URL."
        )
    if not folder.exists():
        return
    if folder in (ROOT, *ROOT.parents, Path.home()):
        raise Trouble(f"--fresh will not delete {folder}. Set PORTAL_INSTANCE to another folder.")
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {"a file"}
    if names - {"keys"} and "portal.db" not in names:
        raise Trouble(
            f"--fresh will not delete {folder}: it holds no portal.db, so it may not be the "
            "portal's. Look inside, delete it yourself, or let PORTAL_INSTANCE name another folder."
        )
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise Trouble(f"Cannot delete {folder}: {error}. End what uses it.") from error


def supervise(servers: dict[str, list[str]], rest: dict[str, list[str]], port: int) -> int:
    """Start the programs, say where they answer, and end all when one ends or the user does.

    The servers come first: nobody waits for a program that answers no one.
    """
    children: dict[str, Child] = {}
    try:
        for name, command in servers.items():
            children[name] = start(command)
        wait_for_answers(children, port)
        for name, command in rest.items():
            children[name] = start(command)
        print(f"Portal       http://{HOST}:{port}/", flush=True)
        print(f"Public site  http://{HOST}:{port + 1}/", flush=True)
        print("Ctrl+C ends both.", flush=True)
        while True:
            refuse_dead(children)
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("Ending ...")
        return 0
    finally:
        end(children)


def start(command: list[str]) -> Child:
    """Start a program that does not get the terminal's Ctrl+C: the supervisor ends it in order."""
    if sys.platform == "win32":
        apart = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(command, cwd=ROOT, creationflags=apart)
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def wait_for_answers(children: dict[str, Child], port: int) -> None:
    """Wait until portal and public site answer 200."""
    deadline = time.monotonic() + SECONDS_TO_START
    waiting = [(port, "/healthz"), (port + 1, "/")]
    while waiting:
        refuse_dead(children)
        waiting = [address for address in waiting if not answers(*address)]
        if waiting and time.monotonic() > deadline:
            raise Trouble(f"No answer at port {waiting[0][0]} after {SECONDS_TO_START} s.")
        time.sleep(0.05)


def answers(port: int, path: str) -> bool:
    """Tell whether a server on this machine answers 200, past any proxy that is configured."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def refuse_dead(children: dict[str, Child]) -> None:
    """Complain about the first program that has ended by itself."""
    for name, child in children.items():
        if child.poll() is not None:
            raise Trouble(
                f"The {name} has ended (exit status {child.returncode}), so everything ends; "
                "the lines above say why."
            )


def end(children: dict[str, Child]) -> None:
    """End every program; who does not go within ten seconds is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
    for child in children.values():
        try:
            child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def test(arguments: list[str]) -> int:
    """Run all tests; the arguments go to pytest."""
    environment(RUN_LOCK, PUBLISH_LOCK, DEV_LOCK)
    return subprocess.call([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT)


def check(static: bool) -> int:
    """Run every check, each to its end, and fail when one of them failed."""
    environment(RUN_LOCK, PUBLISH_LOCK, DEV_LOCK)
    steps = {
        "lint": ["ruff", "check"],
        "format": ["ruff", "format", "--check"],
        "types": ["mypy"],
        "imports": ["lint-imports"],
        "templates": ["djlint", "--lint", "--quiet", *TEMPLATES],
    }
    if not static:
        steps["tests"] = ["pytest"]
    results = {name: checked(name, command) for name, command in steps.items()}
    for name, passed in results.items():
        print(f"{name:10} {'passed' if passed else 'FAILED'}", flush=True)
    return 0 if all(results.values()) else 1


def checked(name: str, command: list[str]) -> bool:
    """Run one tool of the environment and tell whether it was content."""
    print(f"== {name}: {' '.join(command)}", flush=True)
    return subprocess.call([str(SCRIPTS / command[0]), *command[1:]], cwd=ROOT) == 0


def bench(arguments: list[str]) -> int:
    """Run the benchmarks."""
    environment(RUN_LOCK, PUBLISH_LOCK, DEV_LOCK)
    return subprocess.call([str(PYTHON), "-m", "bench", *arguments], cwd=ROOT)


def command_line() -> argparse.ArgumentParser:
    """Describe the commands; what `test` and `bench` do not know is passed on."""
    parser = argparse.ArgumentParser(description="Set up, run, test and measure the portal.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    running = commands.add_parser("run", help="start portal, scheduler and public site")
    running.add_argument("--port", type=int, default=8000, help="public site: the next one")
    running.add_argument("--fresh", action="store_true", help="start from an empty instance/")
    commands.add_parser("test", help="run the tests; arguments go to pytest", add_help=False)
    checking = commands.add_parser("check", help="lint, format, types, imports, templates, tests")
    checking.add_argument("--static", action="store_true", help="leave out the tests")
    commands.add_parser("bench", help="[NAME] [--json]: measure against limits", add_help=False)
    commands.add_parser("lock", help="renew the lock files from pyproject.toml")
    commands.add_parser("wheelhouse", help="download all packages into wheels/ to carry along")
    return parser


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    passed_on = {"test": test, "bench": bench}
    if arguments and arguments[0] in passed_on:
        return passed_on[arguments[0]](arguments[1:])
    options = vars(command_line().parse_args(arguments))
    command: dict[str, Callable[..., int]] = {
        "run": run,
        "check": check,
        "lock": lock,
        "wheelhouse": wheelhouse,
    }
    return command[options.pop("command")](**options)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)
