"""The public site: full, changed and unchanged builds, and their memory.

PORTAL_BENCH_PROJECTS and PORTAL_BENCH_MANY (10,000 and 100,000) make it smaller for a trial.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Process
from pathlib import Path
from typing import Any

from bench import seconds
from bench.county import A_BATCH, County, project_code
from public_site import Changed, JsonLines, build, export

PROJECTS = int(os.environ.get("PORTAL_BENCH_PROJECTS", "10000"))
MANY = int(os.environ.get("PORTAL_BENCH_MANY", "100000"))
ROUNDS = 5
ROOT = Path(__file__).parents[1]
PEAK = """
import resource, sys
from pathlib import Path
from public_site import JsonLines, build
build(JsonLines(Path(sys.argv[1])), Path(sys.argv[2]))
workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
# Not RUSAGE_SELF: that remembers the process that started this one.
own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
print(own, workers)
"""


def full() -> dict[str, Any]:
    """Everything rendered and written by two processes, beside writing the same bytes."""
    with exported(PROJECTS) as (data, folder):
        build(data, folder / "warm")
        sizes = sizes_of(folder / "warm")
        write_same(sizes, folder / "warm-limit")
        pairs = []
        for number in range(ROUNDS):
            os.sync()  # neither side pays for what the other left to be written
            built = build(data, folder / f"site-{number}")
            os.sync()
            pairs.append((built.total, write_same(sizes, folder / f"limit-{number}")))
    return compared(pairs, "writing the same bytes with two processes", "<= 2") | {
        "files": len(sizes),
        "bytes": sum(sizes.values()),
    }


def one_change() -> dict[str, Any]:
    """Planning and rendering one changed project, beside a full build."""
    return changed(lambda built: built.rendering, "a full build", "<= 0.01")


def one_change_published() -> dict[str, Any]:
    """One changed project with data files, manifest and switch, beside a full build."""
    return changed(lambda built: built.total, "a full build", "<= 0.1")


def unchanged() -> dict[str, Any]:
    """The nightly look at everything when nothing has changed, beside a full build."""
    with exported(PROJECTS) as (data, folder):
        build(data, folder / "public")
        pairs, written = [], 0
        for number in range(ROUNDS):
            limit = build(data, folder / f"full-{number}").total
            built = build(data, folder / "public")
            pairs.append((built.total, limit))
            written += built.written + built.removed
    row = compared(pairs, "a full build", "<= 0.3") | {"written": written}
    return row | ({"met": False} if written else {})


def memory() -> dict[str, Any]:
    """The largest process of a build ten times as large, in bytes of memory."""
    peaks = []
    for size in (MANY, MANY // 10):
        with exported(size) as (data, folder):
            command = [sys.executable, "-c", PEAK, str(data.folder), str(folder / "public")]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
            peaks.append(max(int(value) for value in run.stdout.split()) / 1024)
    large, small = peaks
    row = {"compared_with": f"the peak at {MANY // 10} projects", "goal": "<= 1.2"}
    figures = {"ratio": large / small, "peak_mb": large, "limit_peak_mb": small}
    unmet = {"met": False} if large > 64 else {}
    return {**row, **figures, "seconds": "-", "limit_seconds": "-", **unmet}


def changed(measured: Callable[[Any], float], beside: str, goal: str) -> dict[str, Any]:
    """One project changes each round; the oldest release is there to be taken apart."""
    with exported(PROJECTS) as (data, folder):
        for number in range(3):
            rename(data, number)
            build(data, folder / "public", changed=Changed(frozenset({project_code(A_BATCH)})))
        pairs = []
        for number in range(ROUNDS):
            limit = build(data, folder / f"full-{number}").total
            rename(data, number + 3)
            change = Changed(frozenset({project_code(A_BATCH)}))
            pairs.append((measured(build(data, folder / "public", changed=change)), limit))
    return compared(pairs, beside, goal)


def rename(data: JsonLines, number: int) -> None:
    """Give one project of the exported data another name of the same length."""
    path = data.folder / "projects.jsonl"
    lines = path.read_bytes().split(b"\n")
    old = f"第{A_BATCH}号".encode()
    new = f"第{number:02}号".encode()
    lines[A_BATCH] = lines[A_BATCH].replace(old, new, 1)
    if number:
        previous = f"第{number - 1:02}号".encode()
        lines[A_BATCH] = lines[A_BATCH].replace(previous, new, 1)
    path.write_bytes(b"\n".join(lines))


@contextmanager
def exported(size: int) -> Iterator[tuple[JsonLines, Path]]:
    """A county as files. Trees are deleted at the end: making one after that is slower."""
    with tempfile.TemporaryDirectory() as name:
        export(County(size), Path(name) / "data")
        yield JsonLines(Path(name) / "data"), Path(name)


def sizes_of(out: Path) -> dict[str, int]:
    """Bytes of each file of a site."""
    root = out.resolve()
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.stat().st_size for path in files}


def write_same(sizes: dict[str, int], out: Path) -> float:
    """Seconds that two processes need to write files of these sizes."""
    for folder in {(out / path).parent for path in sizes}:
        folder.mkdir(parents=True, exist_ok=True)
    halves = [list(sizes.items())[half::2] for half in (0, 1)]
    return seconds(lambda: together(halves, out))


def together(halves: list[list[tuple[str, int]]], out: Path) -> None:
    """Run one writer for each half."""
    writers = [Process(target=write_files, args=(half, out)) for half in halves]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def write_files(files: list[tuple[str, int]], out: Path) -> None:
    """The least work that makes these files."""
    content = memoryview(b"x" * max(size for _, size in files))
    for path, size in files:
        file = os.open(f"{out}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(file, content[:size])
        os.close(file)


def compared(pairs: list[tuple[float, float]], beside: str, goal: str) -> dict[str, Any]:
    """The row of medians."""
    ours, limit = (statistics.median(side) for side in zip(*pairs, strict=True))
    figures = {"seconds": ours, "limit_seconds": limit, "ratio": ours / limit, "rounds": ROUNDS}
    return {"compared_with": beside, "goal": goal, **figures}


BENCHES = {
    "site-full": full,
    "site-one-change": one_change,
    "site-one-change-published": one_change_published,
    "site-unchanged": unchanged,
    "site-memory": memory,
}
