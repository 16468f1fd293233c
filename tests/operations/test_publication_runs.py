"""When a site is built by itself, by a request or by a command, and what its server answers."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection

import pytest

from portal import clock
from portal.db import unit_of_work
from portal.disclosure.checking import ask_to_pass, in_the_way
from portal.privacy import operations as permissions
from portal.publication import operations
from portal.publication.operations import ask_for_build, build_due_sites, build_site, is_due
from portal.publication.queries import last_build, web_root
from portal.publication.server import server
from portal.publication.site_facts import facts_of, save_facts, site_of
from portal.rules.broken import RuleBroken
from portal.rules.vocabulary import BuildState
from portal.rules.workflow import Move
from tests import publishing
from tests.ledger import TODAY

NUMBER = "13800138000"


def test_the_scheduler_builds_what_was_approved_and_then_rests(world):
    assert build_due_sites() == ""
    document, _project = publishing.placed(world)
    assert build_due_sites() == ""
    publishing.publish(world, publishing.draft(world, document))
    assert build_due_sites() == "试验县：已生成"
    assert build_due_sites() == ""


def test_new_money_on_a_published_project_is_a_reason_to_build(world):
    publishing.published_result(world)
    build_due_sites()
    publishing.placed(world, "财指〔2023〕2号")
    assert build_due_sites() == ""
    publishing.announce(world)
    assert build_due_sites() == ""
    item = publishing.announce(world)
    publishing.publish(world, item)
    assert build_due_sites() == "试验县：已生成"


def test_a_site_that_is_gone_is_built_again(world):
    publishing.published_result(world)
    build_due_sites()
    web_root(publishing.county_of(world)).unlink()
    assert build_due_sites() == "试验县：已生成"


def test_a_permission_that_is_taken_back_or_given_is_a_reason_to_build(world):
    item = publishing.announce(world, body=f"水泵编号 {NUMBER}")
    override = permit(world, item)
    publishing.publish(world, item)
    assert build_due_sites() == "试验县：已生成"
    approver = world.actor("approver")
    with unit_of_work(approver, "test"):
        permissions.take_back(override, words="弄错了", actor=approver)
    assert build_due_sites() == "试验县：没有生成"
    assert build_due_sites() == ""
    permit(world, item)
    assert build_due_sites() == "试验县：已生成"
    assert build_due_sites() == ""


def permit(world, item):
    """Let through the one finding of the item."""
    actor, approver = world.actor("finance_agri"), world.actor("approver")
    with unit_of_work(actor, "test"):
        (found,) = in_the_way(item)
        reason = "这是水泵的出厂编号，不是任何人的手机号"
        override = ask_to_pass(item, found.candidate.digest, reason=reason, actor=actor, on=TODAY)
    with unit_of_work(approver, "test"):
        permissions.decide(override, grant=True, words="", actor=approver, on=TODAY)
    return override


def test_p4_stricter_rules_read_every_public_page_again(world, monkeypatch):
    publishing.published_result(world)
    county, seen = publishing.county_of(world), []

    def look(folder, keeper):
        seen.append({path.name for path in folder.rglob("*.html")})

    monkeypatch.setattr(operations, "refuse_private", look)
    build_site(county)
    assert build_site(county).written == 0
    monkeypatch.setattr(operations, "rules_digest", lambda: "stricter")
    build_site(county)
    assert build_site(county).written == 0
    first, nothing, again, _nothing = seen
    assert first == again
    assert not nothing


def test_a_build_over_midnight_stands_on_the_day_of_its_data(world, monkeypatch):
    publishing.published_result(world)
    county, write = publishing.county_of(world), operations.write_site

    def slow(*arguments, **options):
        built = write(*arguments, **options)
        monkeypatch.setattr(clock, "today", lambda: TODAY + timedelta(days=1))
        return built

    monkeypatch.setattr(operations, "write_site", slow)
    assert build_site(county).day == TODAY
    assert is_due(county)


def test_a_request_waits_once_and_gets_its_result(world):
    county = publishing.county_of(world)
    with unit_of_work(world.actor("approver"), "test"):
        first = ask_for_build(county_id=county.id, actor=world.actor("approver"))
        assert ask_for_build(county_id=county.id, actor=world.actor("approver")) is first
    build_due_sites()
    run = last_build(county.id, BuildState.BUILT)
    assert (run.id, run.asked_by_id) == (first.id, world.user("approver").id)


def test_shared_facts_are_kept_and_checked(world):
    county = publishing.county_of(world)
    facts = facts_of(county)
    assert facts["title"] == "试验县衔接资金公开"
    with pytest.raises(RuleBroken) as broken, unit_of_work(world.actor("approver"), "test"):
        save_facts(county, facts | {"phones": "没有号码"})
    assert broken.value.field == "phones"
    with pytest.raises(RuleBroken, match="手机号"), unit_of_work(world.actor("approver"), "test"):
        save_facts(county, facts | {"address": "找老王 13800138000"})
    with pytest.raises(RuleBroken, match="不带斜杠"), unit_of_work(world.actor("approver"), "test"):
        save_facts(county, facts | {"web_address": "https://gongkai.example.gov.cn/"})
    with unit_of_work(world.actor("approver"), "test"):
        save_facts(county, facts | {"host_unit": "县农业农村局", "phones": "监督 0451-5370 0000"})
    site = site_of(county)
    assert (site.host_unit, site.phones[0].number) == ("县农业农村局", "0451-5370 0000")


def test_the_commands_build_and_check(app, world, tmp_path):
    publishing.published_result(world)
    run = app.test_cli_runner().invoke
    built = run(args=["site", "build"])
    assert (built.exit_code, "个文件" in built.output) == (0, True)
    assert run(args=["site", "check"]).exit_code == 0
    assert run(args=["site", "build", "--out", str(tmp_path / "elsewhere")]).exit_code == 0
    assert (tmp_path / "elsewhere/index.html").is_file()
    publishing.publish(world, publishing.announce(world))
    stale = run(args=["site", "check"])
    assert (stale.exit_code, "请运行 site build" in stale.output) == (1, True)
    assert run(args=["site", "build", "--county", "nowhere"]).exit_code == 1


def test_the_commands_refuse_a_folder_with_other_files(app, world, tmp_path):
    publishing.published_result(world)
    (tmp_path / "mine.txt").write_text("我的文件", "utf-8")
    refused = app.test_cli_runner().invoke(args=["site", "build", "--out", str(tmp_path)])
    assert (refused.exit_code, (tmp_path / "mine.txt").is_file()) == (1, True)


def test_the_server_answers_as_a_web_server_would(world):
    _document, project, item = publishing.published_result(world)
    publishing.site(world)
    publishing.take(world, item, Move.WITHDRAW, "approver", "附件不全")
    publishing.site(world)
    with _serving(web_root(publishing.county_of(world))) as get:
        start = get("/")
        assert start.status == 200
        assert "default-src 'none'" in start.headers["Content-Security-Policy"]
        assert start.headers["X-Content-Type-Options"] == "nosniff"
        assert get(f"/projects/{project.code}.html").status == 200
        missing = get("/projects/nothing.html")
        assert (missing.status, "404" in missing.body or "没有" in missing.body) == (404, True)
        assert get("/assets/").status == 404
        assert get("/../portal.db").status == 404
        assert get("/%2e%2e/portal.db").status == 404


@contextmanager
def _serving(root):
    running = server(root, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()

    def get(path):
        connection = HTTPConnection("127.0.0.1", running.server_port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.body = answer.read().decode()
        connection.close()
        return answer

    yield get
    running.shutdown()
    running.server_close()
