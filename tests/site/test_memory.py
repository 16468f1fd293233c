"""A larger county takes longer, not more memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.county import County
from public_site import export

ROOT = Path(__file__).parents[2]
PEAK = """
import resource, sys
from pathlib import Path
from public_site import JsonLines, build
build(JsonLines(Path(sys.argv[1])), Path(sys.argv[2]), processes=int(sys.argv[3]))
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
# Not RUSAGE_SELF: that remembers the process that started this one.
status = Path("/proc/self/status").read_text()
print(max(int(status.split("VmHWM:")[1].split()[0]), children))
"""


def peak(size: int, folder: Path, processes: int) -> int:
    """The larger peak of the building process and its workers, in KiB."""
    export(County(size), folder / f"data-{size}")
    command = [
        sys.executable,
        "-c",
        PEAK,
        str(folder / f"data-{size}"),
        str(folder / f"out-{size}"),
    ]
    run = subprocess.run(
        [*command, str(processes)], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return int(run.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("processes", [1, 2])
def test_memory_does_not_grow_with_the_county(tmp_path: Path, processes: int):
    small = peak(1_200, tmp_path, processes)
    large = peak(6_000, tmp_path, processes)
    assert large <= small * 1.2
    assert large <= 64 * 1024
