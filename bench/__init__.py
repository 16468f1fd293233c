"""Benchmarks: our work beside the physical limit of the same job, measured in the same run.

A module of this folder offers `BENCHES`, a table of name -> function. The function prepares its
data, measures with `paired`, and returns a row:

    {"compared_with": "writing the same bytes", "goal": "<= 2", **paired(work, limit)}

`ratio` is work / limit unless the function replaces it (for throughput, limit / work reads better;
then the goal begins with >=). More fields may follow; `--json` shows them.
"""

import gc
import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """Time one call, without the garbage of what ran before it."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(
    work: Callable[[], object], limit: Callable[[], object], rounds: int = 5
) -> dict[str, float]:
    """Time `work` and `limit` in turn, so that a busy machine slows both, and compare medians.

    One untimed call of each comes first: caches are then warm for both or for neither.
    """
    work(), limit()
    pairs = [(seconds(work), seconds(limit)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return {"seconds": ours, "limit_seconds": theirs, "ratio": ours / theirs, "rounds": rounds}
