"""Writes on bundles: the site packed and signed, approved by another person, handed over."""

import json
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from portal.accounts.models import Organization
from portal.accounts.scopes import may
from portal.audit import recorder
from portal.db import db, unit_of_work
from portal.disclosure.models import DisclosureItem
from portal.publication import bundle_store, differences, signing
from portal.publication.articles import articles
from portal.publication.changes import touched_since
from portal.publication.gate import PrivateDataFound
from portal.publication.models import BundleStep, SiteBuild, SiteBundle
from portal.publication.operations import is_due
from portal.publication.queries import last_build, manifest_sha256, web_root
from portal.rules.access import Actor
from portal.rules.broken import RuleBroken
from portal.rules.bundle_flow import FLOW, BundleFacts
from portal.rules.vocabulary import BuildState, BundleStatus, DisclosureStatus
from portal.rules.workflow import Move, check_step, find_step
from public_site.bundle import ARTICLES, Packing, SiteChangedError, write_bundle


def make_bundle(county: Organization, actor: Actor, on: date) -> SiteBundle:
    """Pack the site as it is now; the bundle waits for somebody else's approval.

    Writing the file is long, so it happens outside any unit of work, and must not be called inside one. A
    bundle that still waits is void with it.

    Raises:
        RuleBroken: the site is not up to date, one bundle is on its way, or the disk has no room.
        OSError: the disk failed meanwhile; nothing is left of the attempt.
    """
    with bundle_store.alone():
        county = db.session.get_one(Organization, county.id)
        built = _up_to_date(county)
        base, packing = _packing(county, built)
        site = web_root(county).resolve()
        bundle_store.check_room(site)
        differing = differences.counted(site, base)
        db.session.rollback()  # hold no old state of the database while the file is written

        def write(out: BinaryIO) -> None:
            write_bundle(out, site, articles(county), packing, signing.sign)

        try:
            with bundle_store.draft(write) as path, unit_of_work(actor, "make_bundle"):
                _check_still(county, built)
                bundle = _record(county, built, packing, path, differing, actor, on)
                bundle_store.settle(path, bundle)
        except SiteChangedError as changed:
            raise RuleBroken(
                f"生成移交包时网站有变化：{changed}。请稍后再做；反复出现，请系统管理员运行 site check。"
            ) from None
        except PrivateDataFound as private:
            raise RuleBroken(f"没有生成移交包：{private}。请先更正这一条公开内容。") from None
    return bundle


def facts_of(bundle: SiteBundle, carried_on: date | None = None) -> BundleFacts:
    """What the flow has to know of the bundle; ``carried_on``: the day of a hand-over, None: it may come."""
    built = last_build(bundle.county_id, BuildState.BUILT)
    other = built is None or built.manifest_sha256 != bundle.manifest_sha256
    return BundleFacts(
        bundle.number,
        outdated=other or is_due(bundle.county),
        whole=bundle_store.is_whole(bundle),
        withdrawn=_withdrawn_in(bundle, carried_on),
    )


def take_step(
    bundle: SiteBundle,
    move: Move,
    *,
    actor: Actor,
    on: date,
    words: str = "",
    delivered_on: date | None = None,
) -> None:
    """Take one step of the flow. ``delivered_on``: the day of the hand-over, ``on`` where nothing is said.

    Raises:
        RuleBroken: the flow, the person or the day does not allow it; the message says why.
    """
    facts = facts_of(bundle, delivered_on if move is Move.DELIVER else None)
    step = find_step(FLOW, move, bundle.status, facts)
    if not may(actor, step.by, bundle):
        raise RuleBroken(f"您的岗位不能办理“{move.label}”，需要“{step.by.label}”的权限。")
    check_step(
        step,
        facts,
        actor_id=actor.user_id,
        earlier_actors=frozenset({bundle.made_by_id}),
        words=words,
    )
    if move in (Move.APPROVE, Move.REJECT):
        bundle.decided_by_id, bundle.decided_on = actor.user_id, on
    elif move is Move.DELIVER:
        _deliver(bundle, actor, delivered_on or on, on)
    assert isinstance(step.target, BundleStatus)
    bundle.status = step.target
    _tell(bundle, move, actor, words, on)
    db.session.flush()


def fetch(bundle: SiteBundle) -> Path:
    """The file for a download, which the trail remembers.

    Raises:
        RuleBroken: nobody approved the bundle, its bytes are not those that were signed, or something in it
            was withdrawn since.
    """
    if bundle.status not in (BundleStatus.APPROVED, BundleStatus.DELIVERED):
        raise RuleBroken(f"现在的状态是“{bundle.status.label}”，批准以后才能下载。")
    if not bundle_store.is_whole(bundle):
        raise RuleBroken("移交包的文件不在了，或者被改动过，不能下载。请重新生成移交包。")
    if withdrawn := _withdrawn_in(bundle):
        void = "作废这一包，" if bundle.status is BundleStatus.APPROVED else ""
        raise RuleBroken(
            f"第 {bundle.number} 号移交包里有已经撤回的内容，不能再下载：{'、'.join(withdrawn)}。"
            f"请{void}等网站更新后重新生成移交包。"
        )
    recorder.note("downloaded", f"site_bundle:{bundle.id}", file=bundle.file_name)
    return bundle_store.path_of(bundle)


def _withdrawn_in(bundle: SiteBundle, until: date | None = None) -> tuple[str, ...]:
    """The notices of the bundle that were withdrawn, up to the day if one is given, as a person knows them.

    Of every notice that the public saw when the bundle was made there is an article in it.
    """
    archive = bundle_store.opened(bundle)
    if archive is None:
        return ()
    with archive:
        inside = archive.NameToInfo.keys()
    withdrawn = sa.select(DisclosureItem).filter_by(
        county_id=bundle.county_id, status=DisclosureStatus.WITHDRAWN
    )
    return tuple(
        f"“{item.title}”（{item.code}，{item.closed_on} 撤回）"
        for item in db.session.scalars(withdrawn.order_by(DisclosureItem.code))
        if f"{ARTICLES}{item.code}.html" in inside
        and (until is None or (item.closed_on and item.closed_on <= until))
    )


def _up_to_date(county: Organization) -> SiteBuild:
    built = last_build(county.id, BuildState.BUILT)
    if built is None or is_due(county):
        raise RuleBroken(
            "公开网站还没有更新到最新。一分钟内会自动生成；看到“已生成”以后，再做移交包。"
        )
    waiting = db.session.scalar(
        sa.select(SiteBundle).filter_by(county_id=county.id, status=BundleStatus.APPROVED)
    )
    if waiting:
        raise RuleBroken(
            f"第 {waiting.number} 号移交包已批准，还没有移交。请先登记移交，或者把它作废。"
        )
    same = db.session.scalar(
        sa.select(SiteBundle.number).filter_by(
            county_id=county.id,
            status=BundleStatus.SUBMITTED,
            manifest_sha256=built.manifest_sha256,
        )
    )
    if same:
        raise RuleBroken(f"第 {same} 号移交包就是现在的网站，正在等批准，不用再做。")
    return built


def _packing(county: Organization, built: SiteBuild) -> tuple[SiteBundle | None, Packing]:
    """The last delivered bundle, and what the new one says of itself."""
    of_county = sa.select(SiteBundle).filter_by(county_id=county.id)
    delivered = of_county.filter_by(status=BundleStatus.DELIVERED)
    base = db.session.scalar(delivered.order_by(SiteBundle.number.desc()).limit(1))
    if base and base.manifest_sha256 == built.manifest_sha256:
        raise RuleBroken(f"网站从第 {base.number} 号移交以来没有变化，不用再移交。")
    last = db.session.scalar(
        sa.select(sa.func.max(SiteBundle.number)).where(SiteBundle.county_id == county.id)
    )
    return base, Packing(
        county.code, county.name, (last or 0) + 1, base.number if base else None, built.day
    )


def _check_still(county: Organization, built: SiteBuild) -> None:
    """The file was written from the site of that build, and nothing was approved meanwhile."""
    now = manifest_sha256(web_root(county))
    if now != built.manifest_sha256 or touched_since(built.audit_seq, county.id) != set():
        raise RuleBroken("生成移交包时又有新的公开内容。网站更新以后，请再做一次。")


def _record(
    county: Organization,
    built: SiteBuild,
    packing: Packing,
    path: Path,
    differing: differences.Counts,
    actor: Actor,
    on: date,
) -> SiteBundle:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    earlier = sa.select(SiteBundle).filter_by(county_id=county.id, status=BundleStatus.SUBMITTED)
    for one in db.session.scalars(earlier):
        one.status = BundleStatus.VOID
        _tell(one, Move.VOID, actor, f"另做了第 {packing.number} 号", on)
    added, changed, removed = (sum(numbers) for numbers in zip(*differing.values(), strict=True))
    bundle = SiteBundle(
        county=county,
        number=packing.number,
        base_number=packing.base_number,
        day=packing.day,
        files=built.files,
        manifest_sha256=built.manifest_sha256,
        sha256=digest,
        size=path.stat().st_size,
        added=added,
        changed=changed,
        removed=removed,
        differences=json.dumps(differing),
        made_by_id=actor.user_id,
        made_on=on,
    )
    db.session.add(bundle)
    _tell(bundle, Move.SUBMIT, actor, "", on)
    db.session.flush()
    return bundle


def _deliver(bundle: SiteBundle, actor: Actor, delivered_on: date, on: date) -> None:
    approved_on = bundle.decided_on or on
    if not approved_on <= delivered_on <= on:
        raise RuleBroken(
            f"移交日期 {delivered_on} 要在批准日期 {approved_on} 到今天 {on} 之间。",
            field="delivered_on",
        )
    bundle.delivered_by_id, bundle.delivered_on = actor.user_id, delivered_on


def _tell(bundle: SiteBundle, move: Move, actor: Actor, words: str, on: date) -> None:
    bundle.steps.append(
        BundleStep.by(
            actor,
            on,
            words,
            county_id=bundle.county.id,
            move=move,
            to_status=bundle.status or BundleStatus.SUBMITTED,
        )
    )
