"""Writes on permissions: one asks to let a finding through and says why, another decides."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from portal.accounts.scopes import may
from portal.db import bulk_insert, db
from portal.privacy.found import Found
from portal.privacy.keeper import Keeper, digest_of
from portal.privacy.models import PrivacyFinding, PrivacyOverride
from portal.privacy.queries import standing
from portal.rules.access import Action, Actor
from portal.rules.broken import RuleBroken
from portal.rules.privacy import Private, private_data
from portal.rules.privacy.findings import NEVER
from portal.rules.vocabulary import OverrideStatus

LEAST_REASON = 10
_MASKED, _PLACE = 80, 200


class Candidate(NamedTuple):
    """A finding as it may be stored: kind, keyed hash, masked words, place."""

    kind: str
    digest: str
    masked: str
    place: str


def candidate(found: Found, keeper: Keeper) -> Candidate:
    """A finding without the number."""
    finding = found.finding
    digest = digest_of(finding, keeper.key)
    return Candidate(finding.kind.value, digest, finding.masked[:_MASKED], found.place[:_PLACE])


def keep_findings(found: Sequence[Found], keeper: Keeper, *, build_id: int, county_id: int) -> None:
    """Store what stopped a build, so that one of the findings can be asked for."""
    rows = [
        candidate(one, keeper)._asdict() | {"build_id": build_id, "county_id": county_id}
        for one in found
    ]
    bulk_insert(PrivacyFinding, rows, source=f"生成{build_id}", county_id=county_id)


def ask(
    wanted: Candidate, *, county_id: int, reason: str, actor: Actor, on: date
) -> PrivacyOverride:
    """Ask to let one finding through, with a reason of ten characters or more.

    Raises:
        RuleBroken: the kind is never let through, the reason is short or private, or it was asked already.
    """
    kind = Private(wanted.kind)
    if refusal := NEVER.get(kind):
        raise RuleBroken(f"{refusal}。")
    words = reason.strip()
    if len(words) < LEAST_REASON:
        raise RuleBroken(
            f"理由只有 {len(words)} 个字，至少写 {LEAST_REASON} 个字：这是什么，为什么不是个人信息。",
            field="reason",
        )
    if hidden := private_data(words):
        raise RuleBroken(f"理由里有{hidden[0].masked}，请删去，不要重复号码。", field="reason")
    if earlier := standing(county_id, wanted.digest):
        raise RuleBroken(f"这一处已经申请过，状态是“{earlier.status.label}”。")
    override = PrivacyOverride(
        county_id=county_id,
        reason=words,
        asked_by_id=actor.user_id,
        asked_on=on,
        **wanted._asdict(),
    )
    db.session.add(override)
    db.session.flush()
    return override


def decide(override: PrivacyOverride, *, grant: bool, words: str, actor: Actor, on: date) -> None:
    """Agree or refuse, as the second person; a refusal says why."""
    if override.status is not OverrideStatus.ASKED:
        raise RuleBroken(f"现在的状态是“{override.status.label}”，不用再审批。")
    _check_approver(override, actor)
    if actor.user_id == override.asked_by_id:
        raise RuleBroken("申请人不能批准自己的申请，请交给另一位批准人办理。")
    if not grant and not words.strip():
        raise RuleBroken("不同意要写明理由，申请人才知道怎么改。", field="words")
    _refuse_private(words)
    override.status = OverrideStatus.GRANTED if grant else OverrideStatus.REFUSED
    override.words, override.decided_by_id, override.decided_on = words.strip(), actor.user_id, on
    db.session.flush()


def take_back(override: PrivacyOverride, *, words: str, actor: Actor) -> None:
    """Withdraw a request or a permission; the next build looks at every page again."""
    if override.status not in (OverrideStatus.ASKED, OverrideStatus.GRANTED):
        raise RuleBroken(f"现在的状态是“{override.status.label}”，不用撤回。")
    if actor.user_id != override.asked_by_id:
        _check_approver(override, actor)
    if not words.strip():
        raise RuleBroken("撤回要写明理由。", field="words")
    _refuse_private(words)
    override.status = OverrideStatus.WITHDRAWN
    override.words = words.strip()
    db.session.flush()


def _check_approver(override: PrivacyOverride, actor: Actor) -> None:
    if not may(actor, Action.APPROVE_DISCLOSURE, override):
        raise RuleBroken(f"您的岗位不能办理，需要“{Action.APPROVE_DISCLOSURE.label}”的权限。")


def _refuse_private(words: str) -> None:
    if hidden := private_data(words):
        raise RuleBroken(f"意见里有{hidden[0].masked}，请删去，不要重复号码。", field="words")
