"""A real county begins on the command line; doctor and verify say how it is doing."""

import sqlalchemy as sa

from portal.accounts.models import Organization, User
from portal.clock import real_now
from portal.db import db, unit_of_work
from portal.files.models import StoredFile
from portal.rules.access import SYSTEM


def run(app, *words):
    result = app.test_cli_runner().invoke(args=words)
    db.session.rollback()
    return result


ADD = ("organization", "add")


def test_a_county_begins_with_a_tree_and_an_administrator(app):
    assert run(app, *ADD, "bei", "--kind", "prefecture", "--name", "北市").exit_code == 0
    below = ("--name", "北县", "--parent", "bei")
    assert run(app, *ADD, "beixian", "--kind", "county", *below).exit_code == 0
    made = run(app, "user", "add", "guanli", "--org", "beixian", "--role", "sysadmin")
    assert made.exit_code == 0
    assert len(made.output.strip()) >= 12
    county = db.session.scalars(sa.select(Organization).filter_by(code="beixian")).one()
    user = db.session.scalars(sa.select(User).filter_by(username="guanli")).one()
    assert (county.path, user.county_id) == (f"/{county.parent_id}/{county.id}/", county.id)
    assert user.must_change_password


def test_refusals_are_one_line_on_standard_error(app):
    for words in (
        "organization add xin --kind village --name 新村 --parent county",
        "user add approver --org county --role sysadmin",
        "user add xin --org nowhere --role sysadmin",
    ):
        refused = run(app, *words.split())
        assert refused.exit_code == 1
        assert refused.stderr.startswith("Error: ")
        assert "Traceback" not in refused.output


def test_verify_names_the_file_that_is_gone(app, world):
    assert run(app, "verify").exit_code == 0
    with unit_of_work(SYSTEM, "test"):
        db.session.add(
            StoredFile(
                county_id=world.ids["county"],
                sha256="a" * 64,
                name="记录.pdf",
                mime="application/pdf",
                size=1,
                uploaded_by_id=1,
                uploaded_at=real_now(),
            )
        )
    broken = run(app, "verify")
    assert broken.exit_code == 1
    assert "记录.pdf" in broken.stderr


def test_doctor_misses_the_scheduler(app):
    found = run(app, "doctor")
    assert found.exit_code == 1
    assert "no scheduler has run yet" in found.output
