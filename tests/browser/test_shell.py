"""The frame around every page, in a real browser: what JavaScript adds, and that it is not needed."""

import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from portal.accounts.models import Organization, SignIn
from portal.clock import real_now
from portal.db import db, execute_unaudited, unit_of_work
from portal.rules.access import SYSTEM
from tests.browser.pages import Person
from tests.world import PASSWORD

NEW = "/accounts/organizations/new"
KEPT = "这台电脑上留有"


def fill_village(page, code="bei", name="北村"):
    page.get_by_label("上级单位").select_option(label="　　乙镇")
    page.get_by_label("类别").select_option(label="村")
    page.get_by_label("单位名称").fill(name)
    page.get_by_label("单位编码").fill(code)


def fill_prefecture(page):
    """A prefecture below a county: complete, and refused."""
    page.get_by_label("单位名称").fill("北村")
    page.get_by_label("单位编码").fill("bei")


def villages(name):
    db.session.rollback()
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(Organization).filter_by(name=name)
    )


def end_sessions():
    """As after thirty idle minutes."""
    with unit_of_work(SYSTEM, "test"):
        execute_unaudited(sa.update(SignIn).values(ended_at=real_now()))


def test_e7_htmx_runs_under_the_policy_without_its_dangerous_parts(arrive):
    page = arrive("auditor").page
    config = page.evaluate("() => ({...htmx.config})")
    assert (config["allowEval"], config["allowScriptTags"], config["historyCacheSize"]) == (
        False,
        False,
        0,
    )
    assert config["selfRequestsOnly"] is True
    assert page.locator("style").count() == 0


def test_c8_a_refused_fragment_is_shown_and_what_was_typed_stays(arrive):
    """htmx swaps no 4xx by itself: without our setting a failed save would be silent."""
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_prefecture(page)
    page.evaluate(
        """() => { const form = document.querySelector("form[data-keep]");
                   form.setAttribute("hx-post", location.pathname);
                   form.setAttribute("hx-target", "main"); form.setAttribute("hx-select", "main > *");
                   htmx.process(form); }"""
    )
    with page.expect_response(lambda answer: answer.status == 422):
        page.get_by_role("button", name="保存单位").click()
    expect(page.get_by_text("还没有保存，请先改这几处")).to_be_visible()
    expect(page.get_by_label("单位名称")).to_have_value("北村")


def test_c6_after_signing_out_going_back_shows_nothing(arrive):
    page = arrive("sysadmin").page
    page.goto("/accounts/")
    expect(page.get_by_role("link", name="village_clerk2")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    page.go_back()
    page.wait_for_url("**/login**")
    assert "village_clerk2" not in page.content()


def test_c6_the_browser_keeps_no_page(arrive):
    page = arrive("sysadmin").page
    for path in ("/accounts/", NEW, "/permissions"):
        page.goto(path)
    kept = page.evaluate("() => JSON.stringify({...sessionStorage})")
    assert "<" not in kept


def test_the_slash_key_finds_the_search(arrive):
    page = arrive("approver").page
    page.keyboard.press("/")
    expect(page.get_by_label("找项目")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_label("找项目")).to_have_value("a/b")


def test_the_first_stop_of_the_tab_key_leads_to_the_content(arrive):
    page = arrive("approver").page
    page.goto("/permissions")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_was_typed_survives_an_ended_session(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_village(page)
    end_sessions()
    page.get_by_role("button", name="保存单位").click()
    page.wait_for_url("**/login?next=**")
    expect(page.get_by_text("登录后回到原页面即可恢复")).to_be_visible()
    page.get_by_label("用户名").fill("sysadmin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{NEW}")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_role("button", name="恢复").click()
    expect(page.get_by_label("单位名称")).to_have_value("北村")
    page.get_by_role("button", name="保存单位").click()
    page.wait_for_url("**/accounts/")
    assert villages("北村") == 1


def test_after_saving_nothing_is_offered_again(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_village(page)
    page.get_by_role("button", name="保存单位").click()
    page.wait_for_url("**/accounts/")
    page.goto(NEW)
    expect(page.get_by_text(KEPT)).to_have_count(0)


def test_a_refused_form_offers_nothing_since_all_is_still_there(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_prefecture(page)
    page.get_by_role("button", name="保存单位").click()
    expect(page.get_by_text("不能设在这个上级单位下面")).to_have_count(2)
    expect(page.get_by_text(KEPT)).to_have_count(0)
    expect(page.get_by_label("单位名称")).to_have_value("北村")


def test_a_copy_is_offered_to_nobody_else_and_leaves_with_the_person(arrive):
    """Office computers are shared (等保 8.1.4.10 剩余信息)."""
    person = arrive("sysadmin")
    page = person.page
    page.goto(NEW)
    fill_village(page)
    page.goto(NEW)
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.evaluate("() => localStorage.setItem('portal-kept:999:x', '[]')")
    page.reload()
    assert page.evaluate("() => Object.keys(localStorage)") == [
        f"portal-kept:{page.locator('body').get_attribute('data-me')}:organization"
    ]
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    assert page.evaluate("() => localStorage.length") == 0


def test_r2_a_double_click_saves_once(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_village(page)
    page.get_by_role("button", name="保存单位").dblclick()
    page.wait_for_url("**/accounts/")
    assert villages("北村") == 1


def test_r2_the_same_form_sent_three_times_saves_once(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_village(page)
    page.evaluate(
        """() => { const form = document.querySelector("form[data-keep]");
                   const send = () => fetch(location.pathname, {method: "POST", body: new FormData(form)});
                   return Promise.all([send(), send(), send()]).then(all => all.map(a => a.status)); }"""
    )
    assert villages("北村") == 1


def test_a_button_says_that_it_is_saving(arrive):
    page = arrive("sysadmin").page
    page.goto(NEW)
    fill_village(page)
    page.evaluate("() => window.addEventListener('submit', event => event.preventDefault())")
    page.get_by_role("button", name="保存单位").click()
    expect(page.get_by_role("button", name="正在保存…")).to_be_disabled()


def test_c9_everything_works_without_javascript(browser: Browser, portal, app):
    context = browser.new_context(base_url=portal, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(NEW)
    page.get_by_label("用户名").fill("sysadmin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{NEW}")
    fill_prefecture(page)
    page.get_by_role("button", name="保存单位").click()
    expect(page.get_by_text("还没有保存，请先改这几处")).to_be_visible()
    fill_village(page)
    page.get_by_role("button", name="保存单位").click()
    page.wait_for_url("**/accounts/")
    expect(page.get_by_role("link", name="北村")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    context.close()


def test_a_phone_folds_the_menu_into_one_button(browser: Browser, portal, app):
    person = Person(browser, portal, "auditor", size=(375, 667))
    menu = person.page.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()
    person.page.get_by_text("菜单", exact=True).click()
    expect(menu).to_be_visible()
    assert person.leave() == []


def test_a_lost_connection_is_said_out_loud(arrive):
    person = arrive("sysadmin")
    page = person.page
    page.goto("/accounts/")
    person.context.set_offline(True)
    page.evaluate("() => { htmx.ajax('GET', '/accounts/', 'main').catch(() => {}); }")
    expect(page.get_by_text("网络不通，没有保存")).to_be_visible()
    person.context.set_offline(False)
    person.complaints.clear()
