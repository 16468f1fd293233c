"""个人信息检查和放行 over HTTP: who sees it, asks and decides; every refusal says why and loses nothing."""

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.privacy.models import PrivacyFinding, PrivacyOverride
from portal.publication.operations import build_site
from portal.rules.vocabulary import BuildState, OverrideStatus
from tests import publishing
from tests.operations.test_privacy_overrides import NUMBER, REASON, ask, blocked, decide, take_back

PAGE = "/disclosure/site/overrides/"


@pytest.fixture
def finding(world):
    """What stopped the last build: a number that was let through once and is not any more."""
    item = blocked(world)
    earlier = ask(world, item)
    decide(world, earlier)
    publishing.publish(world, item)
    take_back(world, earlier)
    assert build_site(publishing.county_of(world)).state is BuildState.BLOCKED
    return db.session.scalars(sa.select(PrivacyFinding)).one()


def latest() -> PrivacyOverride:
    db.session.rollback()
    return db.session.scalars(
        sa.select(PrivacyOverride).order_by(PrivacyOverride.id.desc())
    ).first()


def asked(client, finding, reason=REASON):
    return client.post(PAGE, {"finding": finding.id, "reason": reason})


def test_who_prepares_decides_or_audits_sees_it_and_nobody_else(client, world, finding):
    for who in ("finance_agri", "lead_office", "approver", "auditor"):
        page = client.sign_in(who).get(PAGE).text
        assert (finding.masked in page, NUMBER in page) == (True, False)
        assert ("申请放行</button>" in page) == (who != "auditor")
    for who in ("village_clerk", "town_reviewer", "finance_payment", "finance_perf"):
        assert client.sign_in(who).get(PAGE).status_code == 403
    neighbour = client.sign_in("foreigner")
    assert finding.masked not in neighbour.get(PAGE).text
    assert asked(neighbour, finding).status_code == 404
    assert asked(client.sign_in("auditor"), finding).status_code == 403


def test_a_refused_request_keeps_the_words_and_points_at_them(client, finding):
    client.sign_in("finance_agri")
    short = asked(client, finding, "编号")
    assert (short.status_code, "至少写 10 个字" in short.text) == (422, True)
    assert f'href="#reason-{finding.id}"' in short.text
    assert ">编号</textarea>" in short.text
    assert asked(client, finding, f"{REASON}{NUMBER}").status_code == 422
    assert asked(client, finding).status_code == 303
    assert "1 处都已申请" in client.get(PAGE).text
    again = asked(client, finding)
    assert (again.status_code, "已经申请过" in again.text) == (422, True)


def test_the_home_page_says_that_the_site_stands_still_and_who_decides(client, finding):
    for who in ("finance_agri", "lead_office"):
        assert "公开网站没有更新" in client.sign_in(who).get("/").text
    assert "公开网站没有更新" not in client.sign_in("village_clerk").get("/").text
    asked(client.sign_in("finance_agri"), finding)
    task = f'{PAGE}#override-{latest().id}"'
    assert task in client.sign_in("approver").get("/").text
    assert task not in client.sign_in("finance_agri").get("/").text


def test_another_person_decides_and_a_refusal_says_why(client, world, finding):
    asked(client.sign_in("approver"), finding)
    path = f"{PAGE}{latest().id}"
    own = client.get(PAGE).text
    assert ("由另一位批准人决定" in own, "同意放行" in own) == (True, False)
    refused = client.post(path, {"move": "grant"})
    assert (refused.status_code, "不能批准自己的申请" in refused.text) == (422, True)

    client.sign_in("finance_agri")
    assert "同意放行" not in client.get(PAGE).text
    assert client.post(path, {"move": "grant"}).status_code == 422
    assert client.sign_in("foreigner").post(path, {"move": "grant"}).status_code == 404

    client.sign_in("approver2")
    assert "同意放行" in client.get(PAGE).text
    silent = client.post(path, {"move": "refuse", "words": ""})
    assert (silent.status_code, "不同意要写明理由" in silent.text) == (422, True)
    assert f'href="#words-{latest().id}"' in silent.text
    assert client.post(path, {"move": "nothing"}).status_code == 400
    assert client.post(path, {"move": "refuse", "words": "请遮盖后四位"}).status_code == 303
    page = client.get(PAGE).text
    assert ("未同意" in page, "请遮盖后四位" in page) == (True, True)
    assert f"finding-{finding.id}" in page


def test_what_was_let_through_can_be_taken_back_with_a_reason(client, world, finding):
    asked(client.sign_in("finance_agri"), finding)
    path = f"{PAGE}{latest().id}"
    client.sign_in("approver")
    assert client.post(path, {"move": "grant"}).status_code == 303
    assert latest().status is OverrideStatus.GRANTED
    assert build_site(publishing.county_of(world)).state is BuildState.BUILT
    assert "最近一次生成没有被拦下" in client.get(PAGE).text
    silent = client.post(path, {"move": "take_back", "words": " "})
    assert (silent.status_code, "撤回要写明理由" in silent.text) == (422, True)
    assert client.post(path, {"move": "take_back", "words": "弄错了"}).status_code == 303
    assert latest().status is OverrideStatus.WITHDRAWN
    late = client.post(path, {"move": "grant"})
    assert (late.status_code, "不用再审批" in late.text) == (422, True)
