"""The flow of a bundle for the county's own portal: one makes it, another approves it, it is carried over."""

from dataclasses import dataclass

from portal.rules.access import Action
from portal.rules.vocabulary import BundleStatus as S
from portal.rules.workflow import Move, Step, Words


@dataclass(frozen=True)
class BundleFacts:
    """What the flow needs to know.

    ``outdated``: the site was built anew since the bundle was made, or has to be. ``withdrawn``: the notices
    in it that have been withdrawn since, as a person knows them.
    """

    number: int
    outdated: bool
    whole: bool
    withdrawn: tuple[str, ...] = ()


def current(facts: BundleFacts) -> str | None:
    """Who approves has looked at the differences of the site as it is, not of an earlier one."""
    if not facts.outdated:
        return None
    return (
        f"做好第 {facts.number} 号移交包以后，公开网站又更新了，或者马上要更新。"
        "请等网站更新后重新生成移交包，再批准"
    )


def undamaged(facts: BundleFacts) -> str | None:
    """What is approved is what was made, to the byte."""
    if facts.whole:
        return None
    return f"第 {facts.number} 号移交包的文件不在了，或者被改动过。请重新生成移交包"


def nothing_withdrawn(facts: BundleFacts) -> str | None:
    """What was taken back from the public is not carried out once more."""
    if not facts.withdrawn:
        return None
    return (
        f"第 {facts.number} 号移交包里有已经撤回的内容：{'、'.join(facts.withdrawn)}。"
        "请作废这一包，等网站更新后重新生成"
    )


FLOW: tuple[Step[BundleFacts], ...] = (
    Step(
        Move.APPROVE,
        (S.SUBMITTED,),
        S.APPROVED,
        by=Action.APPROVE_DISCLOSURE,
        needs=(current, undamaged, nothing_withdrawn),
        fresh_eyes=True,
    ),
    Step(Move.REJECT, (S.SUBMITTED,), S.REJECTED, by=Action.APPROVE_DISCLOSURE, words=Words.REASON),
    Step(
        Move.DELIVER,
        (S.APPROVED,),
        S.DELIVERED,
        by=Action.DRAFT_DISCLOSURE,
        needs=(nothing_withdrawn,),
    ),
    Step(
        Move.VOID,
        (S.SUBMITTED, S.APPROVED),
        S.VOID,
        by=Action.DRAFT_DISCLOSURE,
        words=Words.REASON,
    ),
)
