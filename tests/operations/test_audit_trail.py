"""The audit trail: one entry per change, chained, append-only, never left out (SECURITY L1-L4)."""

import json
import sqlite3
from datetime import date

import pytest
import sqlalchemy as sa

from portal.accounts import operations
from portal.accounts.models import Organization, OrganizationName, User
from portal.audit.models import AuditEntry
from portal.audit.queries import broken_links
from portal.audit.recorder import note
from portal.db import bulk_insert, db, unit_of_work
from portal.library.models import Project
from portal.rules.access import SYSTEM
from portal.rules.vocabulary import OrganizationKind
from tests.world import World


def latest(count=1):
    """The last entries, oldest first."""
    statement = sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(count)
    return list(db.session.scalars(statement))[::-1]


def rename(code, name):
    with unit_of_work(World().actor("sysadmin"), "test_rename", request_id="r1", ip="10.0.0.9"):
        office = db.session.scalars(sa.select(Organization).filter_by(code=code)).one()
        operations.rename_organization(office, name)
    return office.id


def test_l1_a_changed_row_leaves_who_when_what_before_and_after(either_app):
    office_id = rename("water", "县水利局")
    entry = next(e for e in latest(2) if e.table_name == "organization")
    assert (entry.actor_name, entry.action, entry.ip, entry.request_id) == (
        World().user("sysadmin").name, "test_rename", "10.0.0.9", "r1",
    )  # fmt: skip
    assert (entry.result, entry.row_id) == ("update", str(office_id))
    assert json.loads(entry.diff)["name"] == ["县水务局", "县水利局"]


def test_l1_a_new_row_is_found_by_its_id(either_app):
    with unit_of_work(SYSTEM, "test_add"):
        added = operations.add_organization(
            code="bei",
            kind=OrganizationKind.VILLAGE,
            name="北村",
            parent=db.session.get(Organization, World().ids["yi"]),
        )
    first = latest(2)[0]
    assert (first.result, first.table_name, first.row_id) == (
        "insert",
        "organization",
        str(added.id),
    )


def test_l1_a_link_between_rows_is_a_change_too(app, world):
    with unit_of_work(world.actor("town_reviewer"), "test_project"):
        project = Project(
            county_id=world.ids["county"],
            code="p-1",
            year=2023,
            organization_id=world.ids["jia"],
            created_by_id=world.user("town_reviewer").id,
            created_on=date(2023, 3, 20),
        )
        db.session.add(project)
    with unit_of_work(world.actor("town_reviewer"), "test_link"):
        project.villages = [db.session.get(Organization, world.ids["dong"])]
    linked = latest()[0]
    assert (linked.action, linked.table_name, linked.row_id) == (
        "test_link", "project", str(project.id),
    )  # fmt: skip
    assert json.loads(linked.diff)["villages"] == [[], [world.ids["dong"]]]


def test_l1_a_password_is_named_but_never_shown(either_app):
    with unit_of_work(SYSTEM, "test_reset"):
        operations.reset_password(World().user("auditor"))
    trail = "\n".join(db.session.scalars(sa.select(AuditEntry.diff)))
    assert '"password_hash": ["***", "***"]' in trail
    assert "$argon2" not in trail


def test_a_bulk_insert_leaves_one_entry_with_count_and_digest(either_app):
    offices = World().ids
    rows = [
        {"organization_id": offices["dong"], "name": f"旧名{n}", "until_on": date(2020, 1, n)}
        for n in range(1, 21)
    ]
    with unit_of_work(SYSTEM, "test_import"):
        bulk_insert(OrganizationName, rows, source="file:abc", county_id=offices["county"])
    entry = latest()[0]
    assert (entry.result, entry.table_name, entry.county_id) == (
        "bulk_insert", "organization_name", offices["county"],
    )  # fmt: skip
    diff = json.loads(entry.diff)
    assert (diff["source"], diff["count"], len(diff["sha256"])) == ("file:abc", 20, 64)


def test_an_act_without_a_row_is_noted(either_app):
    with unit_of_work(World().actor("auditor"), "test_export"):
        note("exported", "audit", rows=3)
    entry = latest()[0]
    assert (entry.result, entry.row_id, json.loads(entry.diff)) == (
        "exported",
        "audit",
        {"rows": 3},
    )


TAMPERING = {
    "update": "UPDATE audit_entry SET actor_name = 'nobody' WHERE seq = 1",
    "delete": "DELETE FROM audit_entry WHERE seq = 1",
    "replace": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1",
    "upsert": (
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE seq = 1"
        " ON CONFLICT (seq) DO UPDATE SET actor_name = 'nobody'"
    ),
    "truncate": "TRUNCATE audit_entry",
}


@pytest.mark.parametrize("way", ["update", "delete", "replace"])
def test_l2_on_sqlite_no_connection_can_change_the_trail(app, way):
    """The guards are in the file: a connection without the portal's settings meets them as well."""
    stranger = sqlite3.connect(db.engine.url.database)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        stranger.execute(TAMPERING[way])
    stranger.close()


@pytest.mark.parametrize("way", ["update", "delete", "upsert", "truncate"])
def test_l2_on_postgresql_no_statement_can_change_the_trail(postgres_app, way):
    with db.engine.connect() as stranger, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        stranger.execute(sa.text(TAMPERING[way]))


def break_the_trail():
    """Let every further entry fail, as a full or damaged trail would."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(
                sa.text(
                    "CREATE TRIGGER broken BEFORE INSERT ON audit_entry "
                    "BEGIN SELECT RAISE(ABORT, 'the trail is broken'); END"
                )
            )
        else:
            connection.execute(sa.text("ALTER TABLE audit_entry ADD CHECK (seq < 0) NOT VALID"))
        connection.commit()


def test_l4_without_its_audit_entry_nothing_is_saved(either_app):
    break_the_trail()
    with pytest.raises(sa.exc.IntegrityError):
        rename("water", "县水利局")
    names = set(db.session.scalars(sa.select(Organization.name)))
    assert "县水务局" in names
    assert "县水利局" not in names


def tamper(*statements):
    """Change the file as somebody would who owns it: the guards go first."""
    owner = sqlite3.connect(db.engine.url.database)
    for (guard,) in owner.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        owner.execute(f"DROP TRIGGER {guard}")
    for statement in statements:
        owner.execute(statement)
    owner.commit()
    owner.close()


def test_l3_an_untouched_trail_is_whole(either_app):
    assert list(broken_links()) == []


SWAP = (
    "UPDATE audit_entry SET seq = -7 WHERE seq = 7",
    "UPDATE audit_entry SET seq = 7 WHERE seq = 8",
    "UPDATE audit_entry SET seq = 8 WHERE seq = -7",
)
FORGED = (
    "UPDATE audit_entry SET seq = -seq WHERE seq >= 7",
    "UPDATE audit_entry SET seq = 1 - seq WHERE seq < 0",
    "CREATE TABLE forged AS SELECT * FROM audit_entry WHERE seq = 8",
    "UPDATE forged SET seq = 7",
    "INSERT INTO audit_entry SELECT * FROM forged",
)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (("UPDATE audit_entry SET diff = '{}' WHERE seq = 7",), "entry 7 was changed"),
        (
            ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 7",),
            "entry 7 was changed",
        ),
        (("DELETE FROM audit_entry WHERE seq = 7",), "entry 7 is missing"),
        (("DELETE FROM audit_entry WHERE seq = 1",), "entry 1 is missing"),
        (SWAP, "entry 7 was changed"),
        (FORGED, "entry 8 was changed"),
        (("DELETE FROM audit_entry WHERE seq > 30",), "the audit trail ends at 30"),
        (("DELETE FROM audit_entry",), "the audit trail ends at 0"),
    ],
    ids=["edit", "back-date", "delete", "behead", "swap", "insert", "cut", "empty"],
)
def test_l3_each_way_of_tampering_is_found_at_its_place(app, statements, found):
    tamper(*statements)
    problems = list(broken_links())
    assert len(problems) == 1
    assert found in problems[0]


def test_l3_the_owner_of_the_file_cannot_rebuild_the_chain_without_the_key(app):
    app.config["AUDIT_KEY"] = b"another key of thirty-two bytes!"
    assert "entry 1 was changed" in next(broken_links())


def test_a_person_never_appears_in_the_trail_of_another_name(either_app):
    """The name is copied into the entry: a renamed account does not rename its past."""
    rename("water", "县水利局")
    with unit_of_work(SYSTEM, "test"):
        db.session.scalars(sa.select(User).filter_by(username="sysadmin")).one().name = "改名"
    entry = next(e for e in latest(5) if e.action == "test_rename")
    assert entry.actor_name != "改名"
