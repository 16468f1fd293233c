"""A fresh portal for each test, on SQLite and where asked on PostgreSQL, with a small county in it."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL

from portal.app import create_app
from portal.db import db
from tests import once
from tests.client import Browser, Client
from tests.world import World, build_world

pytest_plugins = ["tests.environment"]
once.install()

DAY = date(2023, 3, 20)


def make_app(instance: Path, database: str) -> Flask:
    """A portal that stands on 2023-03-20, over plain HTTP, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_INSTANCE", str(instance))
        patch.setenv("PORTAL_DATABASE_URL", database)
        patch.setenv("PORTAL_TODAY", DAY.isoformat())
        patch.setenv("PORTAL_INSECURE_HTTP", "1")
        app = create_app(TESTING=True)
        app.test_client_class = Browser
        once.share_templates(app)
        return app


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the tables and the small county, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    app = make_app(folder, f"sqlite:///{folder / 'portal.db'}")
    with app.app_context():
        db.create_all()
        build_world()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> Iterator[Flask]:
    """The portal on SQLite, with an app context pushed for direct calls."""
    instance = tmp_path / "instance"
    shutil.copytree(prepared, instance)
    app = make_app(instance, f"sqlite:///{instance / 'portal.db'}")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def prepared_postgres(postgres_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in the PostgreSQL database that each test gets a copy of; its keys are in the folder."""
    folder = tmp_path_factory.mktemp("prepared_postgres")
    app = make_app(folder, postgres_url.render_as_string(hide_password=False))
    with app.app_context():
        db.create_all()
        build_world()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def postgres_app(prepared_postgres: Path, postgres_copy: URL, tmp_path: Path) -> Iterator[Flask]:
    """The portal on PostgreSQL, with an app context pushed."""
    instance = tmp_path / "instance"
    shutil.copytree(prepared_postgres, instance)
    app = make_app(instance, postgres_copy.render_as_string(hide_password=False))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_app(request: pytest.FixtureRequest) -> Flask:
    """The portal on each of the two databases in turn."""
    return request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")


@pytest.fixture
def world(app: Flask) -> World:
    """The small county's ids by name."""
    return World()


@pytest.fixture
def client(app: Flask) -> Client:
    """An HTTP client that knows CSRF; ``client.sign_in("approver")``."""
    return Client(app)
