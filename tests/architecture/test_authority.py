"""The permission table is complete, and every line of it opens something (SECURITY B1, B4)."""

from portal.rules import (
    batch_flow,
    bundle_flow,
    change_flow,
    closing_flow,
    complaint_flow,
    disclosure_flow,
    payment_flow,
    performance_flow,
    project_flow,
)
from portal.rules.access import GRANTS, Action
from portal.rules.vocabulary import Role
from tests.architecture.source import PORTAL, ROOT, modules

FLOWS = (
    project_flow.FLOW,
    batch_flow.FLOW,
    change_flow.FLOW,
    payment_flow.FLOW,
    closing_flow.FLOW,
    performance_flow.FLOW,
    disclosure_flow.FLOW,
    bundle_flow.FLOW,
    complaint_flow.FLOW,
)
FLOW_ACTIONS = {step.by for flow in FLOWS for step in flow}
BUSINESS_WRITES = FLOW_ACTIONS | {
    Action.RECORD_NOTICE,
    Action.IMPORT_PROJECTS,
    Action.REGISTER_DOCUMENT,
}


def test_every_role_has_its_grants():
    assert set(GRANTS) == set(Role)


def test_every_action_is_granted_to_somebody():
    assert {action for grants in GRANTS.values() for action in grants} == set(Action)


def test_b1_every_action_opens_a_route_or_a_step(app):
    opened = {a for view in app.view_functions.values() for a in getattr(view, "access", ())}
    assert set(Action) - opened - FLOW_ACTIONS == set()


def test_every_action_of_a_flow_can_be_reached_by_a_route(app):
    opened = {a for view in app.view_functions.values() for a in getattr(view, "access", ())}
    assert FLOW_ACTIONS - opened == set()


def test_b4_whoever_keeps_the_system_touches_no_business():
    for role in (Role.SYSADMIN, Role.AUDITOR):
        assert BUSINESS_WRITES & set(GRANTS[role]) == set()


def test_b5_no_role_both_hands_in_and_decides():
    pairs = (
        (Action.DRAFT_BATCH, Action.APPROVE_BATCH),
        (Action.DRAFT_DISCLOSURE, Action.APPROVE_DISCLOSURE),
        (Action.APPLY, Action.DECIDE_ADMISSION),
        (Action.PROPOSE_CHANGE, Action.DECIDE_CHANGE),
        (Action.PROPOSE_CLOSING, Action.DECIDE_CLOSING),
        (Action.WRITE_PERFORMANCE, Action.REVIEW_PERFORMANCE),
        (Action.SIGN_AS_FINANCE, Action.SIGN_AS_AGRICULTURE),
        (Action.MANAGE_ACCOUNTS, Action.VIEW_AUDIT),
    )
    both = [(role, pair) for role in Role for pair in pairs if set(pair) <= set(GRANTS[role])]
    assert both == []


def test_states_are_compared_by_name_not_by_word():
    """``status == "draft"`` would survive a renamed word; the enum member would not."""
    words = {status.value for flow in FLOWS for step in flow for status in step.source}
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in modules(PORTAL)
        if "rules" not in path.parts
        for word in words
        if f'status == "{word}"' in path.read_text()
    ]
    assert found == []
