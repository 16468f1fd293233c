"""Bundles: made from the site as it is, approved by another person, downloaded, handed over."""

import errno
import io
import json
import stat
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from portal import health
from portal.audit.models import AuditEntry
from portal.db import db, unit_of_work
from portal.disclosure import operations
from portal.publication import bundle_store, bundles, differences, signing
from portal.publication.articles import article, articles
from portal.publication.models import SiteBundle
from portal.publication.operations import build_due_sites
from portal.publication.queries import web_root
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BundleStatus
from portal.rules.workflow import Move
from public_site import check
from public_site.unpack import unpack
from tests import publishing
from tests.ledger import TODAY
from tests.world import World


def made(world: World, person: str = "lead_office") -> SiteBundle:
    """A bundle of the site as it would be built now."""
    build_due_sites()
    return bundles.make_bundle(publishing.county_of(world), world.actor(person), TODAY)


def take(world: World, bundle: SiteBundle, move: Move, person: str, **more: object) -> None:
    with unit_of_work(world.actor(person), "test"):
        bundles.take_step(bundle, move, actor=world.actor(person), on=TODAY, **more)


def delivered(world: World, bundle: SiteBundle) -> SiteBundle:
    take(world, bundle, Move.APPROVE, "approver")
    take(world, bundle, Move.DELIVER, "lead_office")
    return bundle


def files() -> set[str]:
    return {path.name for path in bundle_store.folder().iterdir()} - {"lock"}


@pytest.fixture
def world(app) -> World:
    """A county that has published one allocation result."""
    found = World()
    publishing.published_result(found)
    return found


def test_the_whole_way_to_the_outside_machine_and_back(either_app, tmp_path):
    world = World()
    publishing.published_result(world)
    first = made(world)
    assert (first.number, first.base_number, first.status) == (1, None, BundleStatus.SUBMITTED)
    assert stat.S_IMODE(bundle_store.path_of(first).stat().st_mode) == 0o640
    assert files() == {"bundle-county-1.zip"}
    with pytest.raises(RuleBroken, match="正在等批准"):
        made(world)
    with unit_of_work(world.actor("approver"), "test"), pytest.raises(RuleBroken, match="批准以后"):
        bundles.fetch(first)
    take(world, first, Move.APPROVE, "approver")
    with pytest.raises(RuleBroken, match="请先登记移交"):
        made(world)
    key, root = tmp_path / "county.pub", tmp_path / "www"
    key.write_text(signing.public_key())
    with unit_of_work(world.actor("lead_office"), "test"):
        path = bundles.fetch(first)
    assert unpack(path, key, root).number == 1
    assert check(root) == []
    early = TODAY - timedelta(days=1)
    with pytest.raises(RuleBroken, match="移交日期") as broken:
        take(world, first, Move.DELIVER, "lead_office", delivered_on=early)
    assert broken.value.field == "delivered_on"
    take(world, first, Move.DELIVER, "lead_office", words="交给信息中心")
    assert (first.status, first.delivered_on) == (BundleStatus.DELIVERED, TODAY)
    assert first.delivered_by_id == world.user("lead_office").id
    with pytest.raises(RuleBroken, match="没有变化"):
        made(world)

    publishing.publish(world, publishing.announce(world))
    second = made(world, "finance_agri")
    assert (second.number, second.base_number) == (2, 1)
    with zipfile.ZipFile(bundle_store.path_of(second)) as archive:
        names = archive.namelist()
    assert [name for name in names if name.startswith("articles/")] == [
        f"articles/{code}.html" for code, _text in articles(publishing.county_of(world))
    ]
    assert unpack(bundle_store.path_of(second), key, root).earlier == 1
    assert [*health.problems()] == []
    downloads = sa.select(AuditEntry.actor_name).where(AuditEntry.result == "downloaded")
    assert db.session.scalars(downloads).all() == [world.user("lead_office").name]


def test_the_maker_does_not_approve(either_app):
    world = World()
    publishing.published_result(world)
    bundle = made(world, "approver")
    with pytest.raises(RuleBroken, match="另一人"):
        take(world, bundle, Move.APPROVE, "approver")
    with pytest.raises(RuleBroken, match="您的岗位不能办理"):
        take(world, bundle, Move.APPROVE, "lead_office")
    with pytest.raises(RuleBroken, match="理由"):
        take(world, bundle, Move.REJECT, "approver2")
    take(world, bundle, Move.REJECT, "approver2", words="先更正第 3 条")
    assert bundle.status is BundleStatus.REJECTED
    assert bundle.steps[-1].words == "先更正第 3 条"
    assert files() == {"bundle-county-1.zip"}
    assert made(world).number == 2
    assert files() == {"bundle-county-2.zip"}


def test_a_later_build_makes_it_outdated(world):
    bundle = made(world)
    publishing.publish(world, publishing.announce(world))
    with pytest.raises(RuleBroken, match="还没有更新到最新"):
        bundles.make_bundle(publishing.county_of(world), world.actor("lead_office"), TODAY)
    take_outdated = pytest.raises(RuleBroken, match="公开网站又更新了")
    build_due_sites()
    with take_outdated:
        take(world, bundle, Move.APPROVE, "approver")
    assert made(world).number == 2
    db.session.refresh(bundle)
    assert (bundle.status, bundle.steps[-1].words) == (BundleStatus.VOID, "另做了第 2 号")


def test_p5_what_was_withdrawn_is_not_carried_out(world):
    item = publishing.publish(world, publishing.announce(world))
    bundle = made(world)
    take(world, bundle, Move.APPROVE, "approver")
    publishing.take(world, item, Move.WITHDRAW, "approver", "写了个人信息")
    build_due_sites()
    said = f"“停电通知”（{item.code}，{TODAY} 撤回）.*作废这一包"
    with unit_of_work(world.actor("lead_office"), "test"), pytest.raises(RuleBroken, match=said):
        bundles.fetch(bundle)
    with pytest.raises(RuleBroken, match=said):
        take(world, bundle, Move.DELIVER, "lead_office")
    take(world, bundle, Move.VOID, "lead_office", words="含已撤回的公告")
    second = delivered(world, made(world))
    with unit_of_work(world.actor("lead_office"), "test"):
        assert bundles.fetch(second).is_file()


def test_p5_a_withdrawal_stops_the_approval_before_the_site_is_built(world):
    item = publishing.publish(world, publishing.announce(world))
    bundle = made(world)
    publishing.take(world, item, Move.WITHDRAW, "approver", "写了个人信息")
    with pytest.raises(RuleBroken, match=f"已经撤回的内容：“停电通知”（{item.code}"):
        take(world, bundle, Move.APPROVE, "approver")


def test_what_is_approved_meanwhile_makes_it_outdated_at_once(world):
    bundle = made(world)
    publishing.publish(world, publishing.announce(world))
    with pytest.raises(RuleBroken, match="马上要更新"):
        take(world, bundle, Move.APPROVE, "approver")


def test_what_came_and_went_after_its_making_is_not_in_it(world):
    bundle = made(world)
    take(world, bundle, Move.APPROVE, "approver")
    item = publishing.publish(world, publishing.announce(world))
    publishing.take(world, item, Move.WITHDRAW, "approver", "重复")
    take(world, bundle, Move.DELIVER, "lead_office")


def test_a_hand_over_before_the_withdrawal_can_be_recorded_after_it(world):
    item = publishing.publish(world, publishing.announce(world))
    bundle = made(world)
    take(world, bundle, Move.APPROVE, "approver")
    tomorrow = TODAY + timedelta(days=1)
    publishing.take(world, item, Move.WITHDRAW, "approver", "重复", on=tomorrow)
    actor = world.actor("lead_office")

    def record(delivered_on):
        with unit_of_work(actor, "test"):
            bundles.take_step(
                bundle, Move.DELIVER, actor=actor, on=tomorrow, delivered_on=delivered_on
            )

    with pytest.raises(RuleBroken, match="已经撤回的内容"):
        record(tomorrow)
    record(TODAY)
    assert bundle.delivered_on == TODAY


def test_an_approved_one_can_be_given_up(world):
    bundle = made(world)
    take(world, bundle, Move.APPROVE, "approver")
    take(world, bundle, Move.VOID, "lead_office", words="门户改版")
    assert made(world).number == 2


def test_what_was_approved_is_what_was_made(world):
    bundle = made(world)
    path = bundle_store.path_of(bundle)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(RuleBroken, match="被改动过"):
        take(world, bundle, Move.APPROVE, "approver")
    assert [problem for problem in health.problems() if path.name in problem]
    path.unlink()
    assert [problem for problem in health.problems() if path.name in problem]


def test_a_failed_making_leaves_nothing(world, monkeypatch):
    build_due_sites()
    county, actor = publishing.county_of(world), world.actor("lead_office")

    def failing(fault: BaseException):
        def write(out: io.BufferedRandom, *_rest: object) -> None:
            out.write(b"half")
            raise fault

        return write

    full = OSError(errno.ENOSPC, "No space left on device")
    for fault in (full, KeyboardInterrupt()):
        with monkeypatch.context() as patch:
            patch.setattr(bundles, "write_bundle", failing(fault))
            with pytest.raises(type(fault)):
                bundles.make_bundle(county, actor, TODAY)
        assert files() == set()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SiteBundle)) == 0
    (bundle_store.folder() / bundle_store.DRAFT).write_bytes(b"of a killed maker")
    (bundle_store.folder() / "bundle-county-1.zip").write_bytes(b"renamed, never committed")
    assert bundles.make_bundle(county, actor, TODAY).number == 1
    assert files() == {"bundle-county-1.zip"}
    assert [*health.problems()] == []


def test_no_room_is_said_before_the_work(world, monkeypatch):
    build_due_sites()
    usage = type("Usage", (), {"free": 7})
    monkeypatch.setattr(bundle_store.shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(RuleBroken, match="磁盘空间不够"):
        bundles.make_bundle(publishing.county_of(world), world.actor("lead_office"), TODAY)
    assert files() == set()


def test_a_damaged_site_is_not_packed(world):
    build_due_sites()
    page = web_root(publishing.county_of(world)) / "about.html"
    page.write_text("别的内容")
    with pytest.raises(RuleBroken, match="about"):
        bundles.make_bundle(publishing.county_of(world), world.actor("lead_office"), TODAY)
    assert files() == set()


def test_the_differences_name_titles_and_words(world):
    delivered(world, made(world))
    item = publishing.publish(world, publishing.announce(world, "停电通知", "明天停电。"))
    gone = publishing.publish(world, publishing.announce(world, "供水通知", "后天停水。"))
    delivered(world, made(world))
    with unit_of_work(world.actor("finance_agri"), "test"):
        corrected = operations.correct(
            item, reason="日期写错", actor=world.actor("finance_agri"), on=TODAY
        )
        corrected.body = "后天停电。"
    publishing.publish(world, corrected)
    publishing.take(world, gone, Move.WITHDRAW, "approver", "重复")
    bundle = made(world)
    counts = json.loads(bundle.differences)
    assert counts["notices"][1] >= 2
    assert bundle.added + bundle.changed + bundle.removed == sum(map(sum, counts.values()))
    with (
        bundle_store.opened(bundle) as new,
        zipfile.ZipFile(bundle_store.folder() / "bundle-county-2.zip") as old,
    ):
        listed = differences.Comparison(new, old).listed("notices")
    of = {one.path: one for one in listed.shown}
    changed = of[f"notices/{item.code}.html"]
    assert (changed.word, changed.title) == ("更新", "停电通知")
    assert {"- 明天停电。", "+ 后天停电。"} <= set(changed.lines)
    assert any("重复" in line for line in of[f"notices/{gone.code}.html"].lines)


def test_an_article_holds_plain_tags_and_absolute_links(world):
    county = publishing.county_of(world)
    code = next(articles(county))[0]
    db.session.rollback()
    current_app.config["SITE_URL"] = "https://www.example.gov.cn/xianjie"
    text = article(county, code)
    assert text is not None
    assert "<td>100</td>" in text or "<td>100.00</td>" in text
    assert f'href="https://www.example.gov.cn/xianjie/notices/{code}.html"' in text
    tags = {piece.split(">")[0].split()[0].strip("/") for piece in text.split("<")[1:]}
    assert tags <= {"h3", "p", "table", "tr", "th", "td", "a"}
    assert " class" not in text
    assert " style" not in text
    assert article(county, "20990101-1") is None


def test_the_commands_print_the_key_and_make_a_bundle(world, app):
    build_due_sites()
    run = app.test_cli_runner().invoke
    key = run(args=["site", "key"])
    assert (key.exit_code, key.stdout) == (0, signing.public_key())
    assert key.stdout.startswith("-----BEGIN PUBLIC KEY-----")
    stored = app.config["INSTANCE"] / "keys" / signing.KEY_FILE
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert run(args=["site", "bundle"]).exit_code == 0
    again = run(args=["site", "bundle"])
    assert (again.exit_code, "正在等批准" in again.stderr) == (1, True)
