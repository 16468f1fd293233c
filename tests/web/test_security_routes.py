"""Every route, for every role, on what is theirs and what is not (SECURITY B1, B2, B7, C4, C5, L1).

The expected answer is worked out from GRANTS and the scope of the row; nothing is listed by hand.
"""

import hashlib

import pytest
import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.db import Base, db
from portal.rules.access import holds
from portal.web import SAFE_METHODS, STATIC_ENDPOINTS
from tests.architecture.source import ROOT
from tests.client import Client
from tests.factories import Place, one_of_each
from tests.world import PEOPLE, World

USERNAMES = list(
    {(role, organization): username for username, role, organization in reversed(PEOPLE)}.values()
)
"""One person of each role at each place; two of one desk reach the same."""

PUBLIC = {"accounts.login", "healthz"}
SCOPED = (
    "form_id", "assessment_id", "plan_line_id", "plan_id", "bulletin_id", "letter_id", "closing_id",
    "payment_id",
    "duty_id",
    "list_id", "line_id", "batch_id", "document_id", "project_id", "item_id", "override_id", "import_id",
    "mail_id",
    "user_id", "organization_id", "message_id", "bundle_id", "complaint_id",
)  # fmt: skip
TRACES = {"sign_in", "throttle", "audit_entry", "audit_head"}
SNAPSHOT = ROOT / "tests/architecture/routes.txt"


@pytest.fixture
def places(app, world):
    """What is in the own village, the one beside it, the other township and the other county."""

    def office(code):
        return db.session.scalars(sa.select(Organization).filter_by(code=code)).one()

    where = {
        "own": ("dong", "jia", "rural", "county"),
        "sibling": ("xi", "jia", "water", "county"),
        "elsewhere": ("nan", "yi", "water", "county"),
        "foreign": ("other-finance", "other", "other-finance", "other"),
    }
    return {
        name: one_of_each(Place(name, *map(office, codes)))
        for name, codes in reversed(where.items())
    }


def routes(app: Flask) -> list[Rule]:
    """Every route but the static files."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC_ENDPOINTS)
    return sorted(rules, key=lambda rule: (rule.rule, sorted(rule.methods)))


def access(app: Flask, rule: Rule):
    """The actions that open the route; none for a public one."""
    return app.view_functions[rule.endpoint].access


def address(app: Flask, rule: Rule, rows: dict[str, Base]) -> str:
    """The route's address for the rows of a place."""
    values = {}
    for argument in rule.arguments:
        if argument in rows:
            values[argument] = rows[argument].id
        else:
            values[argument] = {"active": 0, "kind": "library", "name": "invoice", "no": "1"}.get(
                argument
            ) or first_choice(rule, argument)
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def first_choice(rule: Rule, argument: str) -> str:
    """The first word of an ``<any(...)>`` part, or the zero of a flag."""
    return str(sorted(getattr(rule._converters.get(argument), "items", {"0"}))[0])


def targets(rule: Rule, places):
    """The places to try: all of them where a row is named, else one."""
    return places.items() if rule.arguments & set(SCOPED) else [("any", places["own"])]


def reaches(actor, actions, rule: Rule, rows: dict[str, Base]) -> bool:
    """Whether GRANTS and the row's scope let the actor in; a message belongs to its addressee."""
    for argument in SCOPED:
        if argument in rule.arguments:
            row = rows[argument]
            if argument == "message_id":
                return row.user_id == actor.user_id
            return any(may(actor, action, row) for action in actions)
    return True


def is_foreign(actor, rule: Rule, rows: dict[str, Base]) -> bool:
    """Whether the row named lies in another county."""
    named = [rows[a] for a in SCOPED if a in rule.arguments and hasattr(rows[a], "county_id")]
    return any(row.county_id != actor.county_id for row in named)


def trail() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))


def fingerprint() -> str:
    """A digest of every row of every table but the traces of asking."""
    db.session.rollback()
    digest = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.name not in TRACES:
            order = sa.select(table).order_by(*table.primary_key.columns)
            digest.update(repr((table.name, db.session.execute(order).all())).encode())
    return digest.hexdigest()


def expected(actor, rule: Rule, actions, rows) -> set[int]:
    """The statuses with which the route may answer this person about these rows."""
    if not any(holds(actor, action) for action in actions):
        return {403}
    if reaches(actor, actions, rule, rows):
        one_of_many = {403} if "move" in rule.arguments else set()
        return {200, 204, 303, 400, 404, 409, 422} | one_of_many
    return {404} if is_foreign(actor, rule, rows) else {403, 404}


@pytest.mark.parametrize("username", USERNAMES)
def test_b2_every_page_for_every_role(app, world, places, username):
    """The answer follows from GRANTS; a GET changes nothing, a denied one leaves its trace (B7, C4)."""
    actor, client = world.actor(username), Client(app).sign_in(username)
    wrong, before = [], fingerprint()
    for rule in routes(app):
        actions = access(app, rule)
        if "GET" not in rule.methods or not actions:
            continue
        for place, rows in targets(rule, places):
            entries = trail()
            path = address(app, rule, rows)
            status = client.get(path).status_code
            traced = trail() - entries
            if status not in expected(actor, rule, actions, rows):
                wrong.append(f"GET {path} ({place}): {status}")
            if traced != (status in {403, 404}):
                wrong.append(f"GET {path} ({place}): {status} left {traced} audit entries")
    assert wrong == []
    assert fingerprint() == before


@pytest.mark.parametrize("username", USERNAMES)
def test_l1_every_form_of_every_role_leaves_its_trace(app, world, places, username):
    """Also what is refused; nothing of another county or another unit is touched (B2, B7)."""
    actor, client = world.actor(username), Client(app)
    wrong = []
    for rule in routes(app):
        actions = access(app, rule)
        if "POST" not in rule.methods or not actions:
            continue
        for place, rows in targets(rule, places):
            allowed = expected(actor, rule, actions, rows)
            path = address(app, rule, rows)
            client.sign_in(username)
            entries = trail()
            status = client.post(path, {}).status_code
            if status not in allowed:
                wrong.append(f"POST {path} ({place}): {status}, not {allowed}")
            if trail() == entries:
                wrong.append(f"POST {path} ({place}): {status} left no audit entry")
    assert wrong == []


def unsafe(app: Flask, places):
    """Each route that writes, with an address."""
    for rule in routes(app):
        if rule.methods - SAFE_METHODS:
            yield rule, address(app, rule, places["own"])


def holder(app: Flask, world: World, rule: Rule) -> str:
    """Somebody who may open the route."""
    actions = access(app, rule)
    return next(
        name for name in USERNAMES if any(holds(world.actor(name), action) for action in actions)
    )


def test_c4_no_form_is_taken_without_a_token_of_this_session(app, world, places):
    foreign = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("f" * 40)
    before, wrong = fingerprint(), []
    for rule, path in unsafe(app, places):
        person = holder(app, world, rule) if access(app, rule) else "auditor"
        client = Client(app).sign_in(person)
        for name, headers in (("no", {}), ("a foreign", {"X-CSRFToken": foreign})):
            status = client.http.post(path, headers=headers).status_code
            if status != 400:
                wrong.append(f"POST {path} with {name} token: {status}")
    assert wrong == []
    assert fingerprint() == before


def test_c4_methods_that_no_page_uses_are_refused(app, world, places):
    client = Client(app).sign_in("sysadmin")
    for rule in routes(app):
        path = address(app, rule, places["own"])
        for method in {"PUT", "PATCH", "DELETE", "TRACE"} - rule.methods:
            answer = client.http.open(
                path, method=method, headers={"X-CSRFToken": client.csrf_token}
            )
            assert answer.status_code in {403, 405}, (method, path)


def test_b1_a_stranger_gets_nothing_but_the_way_to_sign_in(app, places):
    http = app.test_client()
    for rule in routes(app):
        if rule.endpoint in PUBLIC:
            continue
        path = address(app, rule, places["own"])
        for method in rule.methods - {"OPTIONS"}:
            answer = http.open(path, method=method)
            assert answer.status_code == 303, (method, path)
            assert answer.location.startswith("/login"), (method, path)


def test_c5_a_fragment_is_never_replaced_by_the_sign_in_page(app, places):
    http = app.test_client()
    for rule in routes(app):
        if rule.endpoint in PUBLIC:
            continue
        path = address(app, rule, places["own"])
        for method in rule.methods - {"OPTIONS"}:
            headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/library/?q=a"}
            answer = http.open(path, method=method, headers=headers)
            assert (answer.status_code, answer.data) == (401, b""), (method, path)
            assert answer.headers["HX-Redirect"].startswith("/login?next=/library/"), (method, path)


def test_b1_the_public_list_is_short(app):
    open_to_all = {rule.endpoint for rule in routes(app) if not access(app, rule)}
    assert open_to_all == PUBLIC


def test_b1_a_route_without_a_rule_stops_the_start(app):
    app.view_functions["forgotten"] = lambda: "secret"
    with pytest.raises(RuntimeError, match="forgotten"):
        app.seal()


def snapshot_of(app: Flask) -> str:
    """Each route with its methods and the actions that open it."""
    return "".join(
        f"{'|'.join(sorted(rule.methods - {'HEAD', 'OPTIONS'})):8} {rule.rule:95} "
        f"{' '.join(sorted(access(app, rule))) or 'public'}\n"
        for rule in routes(app)
    )


def test_b1_a_changed_route_needs_a_second_look(app):
    """``python -m tests.web.test_security_routes`` writes the file anew; review its difference."""
    assert SNAPSHOT.read_text() == snapshot_of(app)


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot_of(create_app()))
