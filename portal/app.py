"""The wiring list: settings, extensions, blueprints, commands."""

import logging
from datetime import date
from pathlib import Path
from typing import Any

import js_lib_htmx
import sqlalchemy as sa
from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, clock, config, database_guards, logs, web, wording
from portal.accounts import sessions
from portal.accounts.administration import bp as administration
from portal.accounts.views import bp as accounts
from portal.audit.views import bp as audit
from portal.boards.views import bp as boards
from portal.closing.views import bp as closing
from portal.complaints.views import bp as complaints
from portal.dashboard.views import bp as dashboard
from portal.db import Setting, db, engine_options
from portal.deadlines.views import bp as deadlines
from portal.disclosure.views import bp as disclosure
from portal.duties import watching
from portal.duties.views import bp as duties
from portal.funds.views import bp as funds
from portal.implementation.views import bp as implementation
from portal.library.views import bp as library
from portal.mail.views import bp as mail
from portal.pace.views import bp as pace
from portal.payments.views import bp as payments
from portal.performance.views import bp as performance
from portal.privacy.views import bp as privacy
from portal.publication.article_views import bp as articles
from portal.publication.draft_views import bp as drafting
from portal.publication.views import bp as publication
from portal.rules import book
from portal.supervision.views import bp as supervision
from portal.web import Portal, public

HTMX = Blueprint(
    "htmx",
    __name__,
    static_folder=Path(js_lib_htmx.__file__).parent / "static" / "htmx",
    static_url_path="/htmx",
)
BLUEPRINTS = (
    accounts,
    administration,
    articles,
    audit,
    boards,
    closing,
    complaints,
    dashboard,
    deadlines,
    disclosure,
    drafting,
    duties,
    funds,
    implementation,
    library,
    mail,
    pace,
    payments,
    performance,
    privacy,
    publication,
    supervision,
    HTMX,
)
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_app(**settings: Any) -> Flask:  # noqa: ANN401 - any Flask setting
    """The portal, wired; ``settings`` override those from the environment."""
    app = Portal("portal")
    app.config.update(config.load() | settings)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    app.extensions["book"] = book.load(app.config["RULEBOOK"])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logs.install()

    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    CSRFProtect(app)
    Bootstrap5(app)
    Htmx(app)
    sessions.login_manager.init_app(app)
    app.identify = sessions.identify
    web.install(app)
    wording.install(app)
    database_guards.install()
    watching.install()
    cli.install(app)

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    app.seal()
    with app.app_context():
        _read_installation(app)
    return app


def _read_installation(app: Flask) -> None:
    """A demo database says so and on which day it stands; production refuses it (DECISIONS, Demo)."""
    kept: dict[str, str] = {}
    if sa.inspect(db.engine).has_table(Setting.__tablename__):
        kept = {s.key: s.value for s in db.session.scalars(sa.select(Setting))}
    db.session.remove()
    app.config["DEMO"] = kept.get("demo")
    if app.config["DEMO"] and app.config["PRODUCTION"]:
        raise config.ConfigError("this database holds a demo; production needs one of its own")
    if "day" in kept and not app.config["STANDING_DAY"]:
        app.config["STANDING_DAY"] = date.fromisoformat(kept["day"])


@public
def _healthz() -> dict[str, str]:
    return {"status": "ok", "day": clock.today().isoformat()}
