"""What one release of the site consists of, and from what: an SQLite file beside the release.

It lets the lists be made with flat memory, and a later build see what has not changed. It is
derived from the source and may be thrown away: the next build then renders everything.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

TABLES = """
create table file (
    path text primary key, key blob not null, sha text not null, size int not null) without rowid;
create table project (
    code text primary key, name text, year int, category text, township text, place text,
    places text, budget int, allocated int, paid int, status text, finished int, json text,
    csv text) without rowid;
create table in_village (village text, project text, primary key (village, project)) without rowid;
create table line (
    fund text, project text, number int, amount int, approved_on text, approval text,
    illustrative int, json text, csv text, primary key (fund, project, number)) without rowid;
create table payment (
    project text, number int, fund text, paid_on text, amount int, json text, csv text,
    primary key (project, number)) without rowid;
create table notice (
    code text primary key, kind text, category text, title text, published_on text,
    updated_on text, period_from text, period_to text, json text, csv text) without rowid;
create table about_fund (fund text, notice text, primary key (fund, notice)) without rowid;
create table mention (project text, notice text, primary key (project, notice)) without rowid;
create table shown (page text, path text, primary key (page, path)) without rowid;
create table fact (name text primary key, value text) without rowid;
"""
INDEXES = """
create index project_sums on project
    (year, category, township, budget, allocated, paid, finished);
create index project_township on project (township, code);
create index village_of on in_village (project);
create index line_project on line (project);
create index payment_fund on payment (fund, paid_on, amount);
create index notice_day on notice (published_on, code);
create index fund_of on about_fund (notice);
create index mentioned_by on mention (notice);
create index shown_on on shown (path);
"""

PIECE = 1000
FORM = int.from_bytes(blake2b(f"{TABLES}{INDEXES}".encode(), digest_size=3).digest())
"""Which tables an inventory has: another program's are not read."""
GATE = "gate"
"""The fact that says which edition of the gate has seen every file."""


class File(NamedTuple):
    """A file of the site. key: digest of what it was made from. sha: SHA-256 of its bytes.

    size: how many bytes.
    """

    path: str
    key: bytes
    sha: str
    size: int


class Rows(NamedTuple):
    """What a stage hands over: rows for the tables of the same names.

    shown: a page and the photo or file that it shows, which may be shown by other pages too.
    """

    file: list[File]
    project: list[tuple[Any, ...]]
    in_village: list[tuple[str, str]]
    line: list[tuple[Any, ...]]
    payment: list[tuple[Any, ...]]
    notice: list[tuple[Any, ...]]
    about_fund: list[tuple[str, str]]
    mention: list[tuple[str, str]]
    shown: list[tuple[str, str]]


def no_rows() -> Rows:
    """Nothing yet."""
    return Rows([], [], [], [], [], [], [], [], [])


class Inventory:
    """An open inventory. Until it is kept it is private to one build: nothing has to be durable."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def of_build(cls, path: Path) -> "Inventory":
        """The inventory that a build fills; other processes may read what is committed."""
        connection = sqlite3.connect(path.as_uri(), uri=True)
        connection.executescript("pragma journal_mode=wal; pragma synchronous=off;")
        return cls(connection)

    @classmethod
    def of_release(cls, path: Path) -> "Inventory":
        """The inventory of a release, which never changes."""
        return cls(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True))

    @staticmethod
    def is_readable(path: Path, gate_edition: str) -> bool:
        """Whether a build may start from a release: with tables of this program, past this gate."""
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
            (form,) = connection.execute("pragma user_version").fetchone()
            if form != FORM:
                return False
            passed = connection.execute("select value from fact where name = ?", [GATE])
            return bool(passed.fetchone() == (gate_edition,))

    def create(self) -> None:
        """Make the empty tables."""
        self._connection.executescript(f"{TABLES}pragma user_version = {FORM};")

    def index(self) -> None:
        """Make the indexes: after the rows of a full build, which is faster."""
        self._connection.executescript(INDEXES)

    def attach(self, path: Path, name: str) -> None:
        """Let queries read the tables of a release's inventory as `name.table`."""
        self._connection.commit()
        self._connection.execute(f"attach ? as {name}", (f"{path.as_uri()}?immutable=1",))

    def detach(self, name: str) -> None:
        """Let go of an attached inventory."""
        self._connection.execute(f"detach {name}")

    def add(self, rows: Rows) -> None:
        """Insert what a stage handed over, in place of earlier rows with the same key."""
        for table, found in rows._asdict().items():
            if found:
                marks = ",".join("?" * len(found[0]))
                self.change(f"replace into {table} values ({marks})", found)  # noqa: S608

    def rows(self, sql: str, *values: object) -> Iterator[Any]:
        """The rows of a query, one at a time."""
        return self._connection.execute(sql, values)

    def pieces(self, sql: str, *values: object) -> Iterator[list[Any]]:
        """The only column of a query, in lists that are cheap to join."""
        cursor = self._connection.execute(sql, values)
        while rows := cursor.fetchmany(PIECE):
            yield [row[0] for row in rows]

    def change(self, sql: str, values: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each of the values."""
        self._connection.executemany(sql, values)

    def commit(self) -> None:
        """Let other processes see the rows."""
        self._connection.commit()

    def close(self) -> None:
        """Commit and close; the last one to close leaves a single file."""
        self._connection.commit()
        self._connection.close()
