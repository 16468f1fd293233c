"""python -m bench [NAME] [--json]: run the benchmarks and show each beside its limit."""

import argparse
import importlib
import json
import operator
import os
import pkgutil
import platform
import sys
from collections.abc import Callable, Iterator
from typing import Any

import bench

Row = dict[str, Any]
COLUMNS = ("name", "compared_with", "seconds", "limit_seconds", "ratio", "goal", "met")
COMPARISONS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}


def benches() -> Iterator[tuple[str, str, Callable[[], Row]]]:
    """Yield (module, name, function) of every benchmark in this folder."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            table = getattr(importlib.import_module(f"bench.{module.name}"), "BENCHES", {})
            yield from ((module.name, name, function) for name, function in table.items())


def judged(name: str, row: Row) -> Row:
    """Complete a row by its name and whether the ratio meets a goal like `<= 2`."""
    comparison, bound = str(row["goal"]).split()
    met = COMPARISONS[comparison](row["ratio"], float(bound))
    return {"name": name, **row, "met": row.get("met", met)}


def shown(value: object) -> str:
    """Write one cell of the table."""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def table(rows: list[Row]) -> str:
    """Write the rows below their headings, each column as wide as its widest cell."""
    cells = [[name.replace("_", " ") for name in COLUMNS]]
    cells += [[shown(row[name]) for name in COLUMNS] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]
    return "\n".join(lines)


def chosen(wanted: str | None) -> dict[str, Callable[[], Row]]:
    """Return the benchmarks of that name or module, all without a name; end on an unknown name."""
    known = list(benches())
    found = {name: run for module, name, run in known if wanted in (None, module, name)}
    if wanted and not found:
        names = ", ".join(sorted({module for module, _, _ in known} | {n for _, n, _ in known}))
        sys.exit(f"There is no benchmark {wanted}; choose from: {names}")
    return found


def main() -> None:
    """Run what was asked for; standard output holds the result only, everything else goes aside."""
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="one benchmark, or all of one module")
    parser.add_argument("--json", action="store_true", help="an array of rows")
    options = parser.parse_args()
    result = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Also what child processes and C code print must not land between the rows.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    rows = []
    for name, run in chosen(options.name).items():
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows.append(judged(name, run()))
    with result:
        if options.json:
            json.dump(rows, result, ensure_ascii=False, indent=2)
            result.write("\n")
        else:
            machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
            result.write(f"{table(rows)}\n{machine}\n")


main()
