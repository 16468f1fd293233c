"""What in an item must not leave: in its texts, in what it covers, in the papers that it brings along."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from portal.disclosure.models import DisclosureAttachment, DisclosureItem
from portal.disclosure.snapshots import Snapshot, phones_of, snapshot
from portal.files.operations import store
from portal.files.store import Store, StoredFileDamaged
from portal.privacy.found import Found, in_text, once
from portal.privacy.keeper import Keeper
from portal.privacy.models import PrivacyOverride
from portal.privacy.operations import Candidate, ask, candidate
from portal.privacy.packages import unreadable
from portal.privacy.queries import keeper, standing
from portal.privacy.reading import read_file
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.privacy import Private, listed_in_text
from portal.rules.privacy.findings import NEVER

REMEMBERED = 256
FIELDS = {
    "title": "标题",
    "body": "正文",
    "unit": "发布单位",
    "phones": "联系电话",
    "address": "地址",
    "corrections": "更正说明",
    "files": "附件名称",
    "name": "名称",
    "site": "实施地点",
    "tasks": "建设任务",
    "beneficiaries": "受益对象",
    "benefit_linkage": "联农带农机制",
    "goal": "绩效目标",
    "targets": "绩效指标",
    "responsible_unit": "责任单位",
    "implementing_unit": "实施单位",
    "minutes_number": "会议纪要",
    "note": "说明",
}


def private_in(item: DisclosureItem) -> list[Found]:
    """What stands in the way of publishing the item, each with its place."""
    found = [*_in_texts(item), *_in_papers(item)]
    return keeper_of(item).stopped(once(found))


def keeper_of(item: DisclosureItem) -> Keeper:
    """The county's gate; the item's own duty telephones pass."""
    return keeper(item.county_id, [number for _name, number in phones_of(item.phones)])


def _in_texts(item: DisclosureItem) -> Iterator[Found]:
    for one in snapshot(item):
        where = one.content.get("name") or one.content.get("title")
        for found in _in_snapshot(one):
            yield found.within(f"“{where}”")


def _in_snapshot(one: Snapshot) -> Iterator[Found]:
    for name, value in one.content.items():
        lines = list(_texts(value))
        place = FIELDS.get(name, "其他内容")
        for number, line in enumerate(lines, start=1):
            yield from in_text(line, f"{place}第{number}段" if name == "body" else place)
        if finding := listed_in_text("\n".join(lines)):
            yield Found(finding, place)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a snapshot holds
    """The texts in a value; a file's name on the site is made of a hash and tells nothing."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from () if name == "name" else _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _in_papers(item: DisclosureItem) -> Iterator[Found]:
    for paper in item.attachments:
        for found in _in_paper(paper):
            yield found.within(f"附件“{paper.title}”")


def _in_paper(paper: DisclosureAttachment) -> tuple[Found, ...]:
    try:
        return _read_once(store().root, paper.file.sha256)
    except StoredFileDamaged:
        return (unreadable(paper.file.sha256, "文件损坏，"),)


@lru_cache(REMEMBERED)
def _read_once(root: Path, sha256: str) -> tuple[Found, ...]:
    """A stored file is read once in the life of a process: its name is the hash of its content."""
    return read_file(Store(root).open_verified(sha256))


class Standing(NamedTuple):
    """A finding on the item's page: what it is, and the request for it, if somebody made one."""

    candidate: Candidate
    override: PrivacyOverride | None
    never: str


def in_the_way(item: DisclosureItem) -> list[Standing]:
    """Each finding that stops the item, with what can be done about it."""
    gatekeeper = keeper_of(item)
    candidates = [candidate(one, gatekeeper) for one in private_in(item)]
    return [
        Standing(one, standing(item.county_id, one.digest), NEVER.get(Private(one.kind), ""))
        for one in candidates
    ]


def ask_to_pass(
    item: DisclosureItem, digest: str, *, reason: str, actor: Actor, on: date
) -> PrivacyOverride:
    """Ask to let one finding of the item through; another person decides.

    Raises:
        RuleBroken: it is not there any more, its kind is never let through, or the reason does not do.
    """
    wanted = next(
        (one.candidate for one in in_the_way(item) if one.candidate.digest == digest), None
    )
    if wanted is None:
        raise RuleBroken("这一处已经改掉或已经放行，请刷新页面，看最新内容。")
    return ask(wanted, county_id=item.county_id, reason=reason, actor=actor, on=on)
