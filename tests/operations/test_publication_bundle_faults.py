"""A bundle whose making is killed or fills the disk: nothing of it counts, and the next one is made."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal import health
from portal.db import db
from portal.publication import bundle_store, bundles
from portal.publication.models import SiteBundle
from portal.publication.operations import build_due_sites
from tests import publishing
from tests.full_disk import enlarge
from tests.ledger import TODAY
from tests.world import World

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from portal.app import create_app
from portal.publication import bundle_store, bundles

def die(*_words, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def half(out, *_rest):
    out.write(b"half")
    out.flush()
    die()

def named(path, bundle, settle=bundle_store.settle):
    settle(path, bundle)
    die()

moments = {
    "half written": (bundles, "write_bundle", half),
    "written": (bundles, "_record", die),
    "named": (bundle_store, "settle", named),
}
setattr(*moments[sys.argv[1]])
create_app().test_cli_runner().invoke(args=["site", "bundle"])
"""


@pytest.fixture
def world(app) -> World:
    """A county whose site shows one allocation result."""
    found = World()
    publishing.published_result(found)
    build_due_sites()
    return found


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("moment", ["half written", "written", "named"])
def test_r3_a_killed_making_leaves_no_bundle_and_the_next_is_whole(app, world, moment):
    db.session.rollback()
    environment = os.environ | {
        "PORTAL_INSTANCE": str(app.config["INSTANCE"]),
        "PORTAL_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "PORTAL_TODAY": TODAY.isoformat(),
    }
    maker = subprocess.run(
        [sys.executable, "-c", KILLED, moment], cwd=ROOT, env=environment, check=False
    )
    assert maker.returncode == -signal.SIGKILL
    assert count() == 0
    assert [*health.problems()] == []
    made = bundles.make_bundle(publishing.county_of(world), world.actor("lead_office"), TODAY)
    assert made.number == 1
    assert {path.name for path in bundle_store.folder().iterdir()} == {
        "lock",
        "bundle-county-1.zip",
    }
    assert [*health.problems()] == []


def test_r12_a_disk_that_fills_meanwhile_leaves_nothing(app, world, monkeypatch, small_disk):
    county, actor = publishing.county_of(world), world.actor("lead_office")
    monkeypatch.setattr(
        bundle_store, "check_room", lambda _site: None
    )  # there was room a moment ago
    with small_disk(app.config["INSTANCE"] / "bundles", 16) as disk:
        with pytest.raises(OSError, match="No space left"):
            bundles.make_bundle(county, actor, TODAY)
        assert (count(), {path.name for path in disk.iterdir()}) == (0, {"lock"})
        enlarge(disk, 4_000)
        assert bundles.make_bundle(county, actor, TODAY).number == 1


def count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(SiteBundle)) or 0
