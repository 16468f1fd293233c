"""放行: one asks, another decides, the gate lets exactly this through; the number is kept nowhere."""

import pytest
import sqlalchemy as sa
from flask import current_app

from portal.audit.models import AuditEntry
from portal.db import Base, db, unit_of_work
from portal.disclosure.checking import ask_to_pass, in_the_way
from portal.privacy import operations
from portal.privacy.models import PrivacyFinding, PrivacyOverride
from portal.publication.operations import build_site
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BuildState, DisclosureStatus, OverrideStatus
from portal.rules.workflow import Move
from tests import publishing
from tests.corpus.privacy import ID
from tests.ledger import TODAY

NUMBER = "13800138000"
REASON = "这是水泵的出厂编号，不是任何人的手机号"


def blocked(world, body=f"水泵编号 {NUMBER}"):
    return publishing.announce(world, body=body)


def ask(world, item, person="finance_agri", reason=REASON):
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        digest = in_the_way(item)[0].candidate.digest
        return ask_to_pass(item, digest, reason=reason, actor=actor, on=TODAY)


def decide(world, override, person="approver", grant=True, words=""):
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.decide(override, grant=grant, words=words, actor=actor, on=TODAY)


def take_back(world, override, person="approver", words="弄错了"):
    actor = world.actor(person)
    with unit_of_work(actor, "test"):
        operations.take_back(override, words=words, actor=actor)


def test_what_a_second_person_lets_through_is_published(world):
    item = blocked(world)
    override = ask(world, item)
    with pytest.raises(RuleBroken, match="手机号138"):
        publishing.take(world, item, Move.SUBMIT, "finance_agri")
    decide(world, override)
    publishing.publish(world, item)
    assert NUMBER in publishing.site(world)[f"notices/{item.code}.html"].decode()


def test_exactly_this_one_passes(world):
    item = blocked(world)
    decide(world, ask(world, item))
    other = publishing.announce(world, "另一条", f"联系 13900139000，编号 {NUMBER}")
    assert [one.candidate.masked for one in in_the_way(other)] == ["手机号139********"]


def test_a_permission_that_is_taken_back_stops_the_next_build(world):
    item = blocked(world)
    override = ask(world, item)
    decide(world, override)
    publishing.publish(world, item)
    county = publishing.county_of(world)
    assert build_site(county).state is BuildState.BUILT
    take_back(world, override)
    run = build_site(county)
    assert run.state is BuildState.BLOCKED
    assert f"notices/{item.code}.html" in run.message
    kept = db.session.scalars(sa.select(PrivacyFinding).filter_by(build_id=run.id)).all()
    assert {one.digest for one in kept} == {override.digest}


def test_an_identity_number_is_never_let_through(world):
    item = blocked(world, f"身份证 {ID}")
    with pytest.raises(RuleBroken, match="有效的身份证号不能放行"):
        ask(world, item)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("编号", "至少写 10 个字"), (f"这是出厂编号 {NUMBER} 不是手机", "不要重复号码")],
)
def test_a_reason_says_enough_and_not_too_much(world, reason, words):
    with pytest.raises(RuleBroken, match=words):
        ask(world, blocked(world), reason=reason)


def test_nobody_asks_twice_or_decides_on_their_own(world):
    item = blocked(world)
    override = ask(world, item, person="approver")
    with pytest.raises(RuleBroken, match="已经申请过"):
        ask(world, item)
    with pytest.raises(RuleBroken, match="不能批准自己的申请"):
        decide(world, override)
    with pytest.raises(RuleBroken, match="您的岗位不能办理"):
        decide(world, override, person="finance_agri")
    with pytest.raises(RuleBroken, match="不同意要写明理由"):
        decide(world, override, person="approver2", grant=False)
    decide(world, override, person="approver2", grant=False, words="像手机号，请遮盖")
    assert override.status is OverrideStatus.REFUSED
    with pytest.raises(RuleBroken, match="不用再审批"):
        decide(world, override, person="approver2")
    assert in_the_way(item)


def test_what_was_changed_meanwhile_cannot_be_asked_for(world):
    item = blocked(world)
    digest = in_the_way(item)[0].candidate.digest
    actor = world.actor("finance_agri")
    with unit_of_work(actor, "test"):
        item.body = "水泵一台"
    with pytest.raises(RuleBroken, match="已经改掉"), unit_of_work(actor, "test"):
        ask_to_pass(item, digest, reason=REASON, actor=actor, on=TODAY)


def test_the_number_is_kept_nowhere(world):
    """Neither in the request nor in the trail; the item's own text is where it came from."""
    item = blocked(world)
    override = ask(world, item)
    decide(world, override)
    rows = [
        str(row)
        for table in Base.metadata.sorted_tables
        if table.name not in ("disclosure_item", "audit_entry")
        for row in db.session.execute(sa.select(table))
    ]
    rows += db.session.scalars(
        sa.select(AuditEntry.diff).where(AuditEntry.table_name != "disclosure_item")
    ).all()
    assert [row for row in rows if NUMBER in row] == []
    assert override.digest in {one.digest for one in db.session.scalars(sa.select(PrivacyOverride))}
    assert len(current_app.config["AUDIT_KEY"]) == 32
    assert item.status is DisclosureStatus.DRAFT


def test_the_trail_tells_who_asked_and_who_decided(world):
    override = ask(world, blocked(world))
    decide(world, override)
    entries = db.session.scalars(
        sa.select(AuditEntry).filter_by(table_name="privacy_override").order_by(AuditEntry.seq)
    ).all()
    people = [world.actor(name).user_id for name in ("finance_agri", "approver")]
    assert [entry.actor_id for entry in entries] == people
