"""Every page that a person can reach, at a desk and on a phone; the main ones under axe."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import Demo
from tests.browser.pages import DESK, PHONE, Person, watch

FILES = re.compile(
    r"/(export|template|scan|minutes|file|word|excel|invoice|acceptance|photo|(files|papers|scans)/\d+)(\?|$)"
    r"|\.(docx|xlsx|json|pdf|html)$|#|/outbox/\?|year=all|page="
)
WALKERS = ("village", "town", "office", "approver", "finance", "payment", "admin")
"""Who walks through the portal: together they reach every page, the others see some of the same ones."""

SAMPLES = 1
"""Pages of one kind that are looked at: of forty projects one is enough."""

FITS = "document.scrollingElement.scrollWidth <= innerWidth"
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-region"))
  .map(e => e.tagName + "." + e.className).slice(0, 3)"""


@pytest.mark.parametrize("username", WALKERS)
def test_no_page_is_wider_than_the_screen(browser: Browser, march: Demo, username: str) -> None:
    """Nor does any break the content policy or a script (C2)."""
    person = Person(browser, march.address, username, march.password)
    wide = [
        f"{path} at {size}: {person.page.evaluate(WIDEST)}"
        for path in pages_of(person)
        for size in on_each_screen(person.page)
        if not person.page.evaluate(FITS)
    ]
    assert person.leave() == []
    assert wide == []


def test_a_turned_phone_gets_the_whole_menu(browser: Browser, march: Demo) -> None:
    person = Person(browser, march.address, "finance", march.password, PHONE)
    link = person.page.get_by_role("link", name="项目库", exact=True)
    expect(link).to_be_hidden()
    person.page.get_by_text("菜单").click()
    expect(link).to_be_visible()
    person.open("/")
    person.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    expect(link).to_be_visible()
    assert person.leave() == []


def test_the_ledger_prints_its_rows_and_no_controls(browser: Browser, march: Demo) -> None:
    """Its rows lie in the form that ticks them; forms are not printed."""
    person = Person(browser, march.address, "finance", march.password)
    person.open("/disclosure/ledger/")
    person.page.emulate_media(media="print")
    expect(person.page.locator("#rows tbody tr").first).to_be_visible()
    assert person.page.locator("input, select, button").filter(visible=True).count() == 0
    assert person.leave() == []


def pages_of(person: Person) -> Iterator[str]:
    """Open page after page as the links lead, from the home page on, some of each kind."""
    waiting, seen = ["/"], dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "N", path.partition("?")[0])
        if seen.get(kind, 0) == SAMPLES or FILES.search(path):
            continue
        seen[kind] = seen.get(kind, 0) + 1
        person.open(path)
        yield path
        found = person.page.locator("a[href^='/']").evaluate_all(
            "links => links.map(a => a.getAttribute('href'))"
        )
        waiting += [link for link in found if link not in waiting]


def on_each_screen(page: Page) -> Iterator[str]:
    """Show the page open now on a phone and on a desk, without loading it again."""
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        yield f"{width} px"


def follow(*links: str) -> Callable[[Person], None]:
    """Go where these links lead, one after the other."""

    def go(person: Person) -> None:
        for link in links:
            person.follow(link)

    return go


def home(_person: Person) -> None:
    """Stay on the page on which everybody begins."""


def arrange(person: Person) -> None:
    """A draft of a batch, with the cells in which amounts are entered."""
    person.open("/funds/batches/new")
    person.fill({"批次名称": "第九批"})
    person.press("新建批次")
    person.page.get_by_label("用哪份文件的钱").select_option(index=1)
    person.press("查看")
    person.sees("给项目填金额")


def opened(path: str) -> Callable[[Person], None]:
    """Go to an address."""
    return lambda person: person.open(path)


def first_notice(person: Person) -> None:
    """The newest notice of the list."""
    person.open("/boards/")
    person.page.locator("tbody th a").first.click()


def poster(person: Person) -> None:
    """Its sheet to be printed."""
    first_notice(person)
    person.follow("打印海报 A4")


def record(person: Person) -> None:
    """The form of a new notice of a project."""
    first_notice(person)
    person.page.locator(".crumbs a").last.click()
    person.follow("登记公示")


def complain(person: Person) -> None:
    """A complaint as it was just taken in, with the form that gives it to an office."""
    person.open("/complaints/new")
    person.fill({"反映的内容": "东村的路只修了一半", "联系方式": "李某"})
    person.press("登记")


def prove(person: Person) -> None:
    """One proof for all duties of the page that are open."""
    person.open("/disclosure/ledger/?tick=all")
    person.press("登记勾选项的公开凭证")
    person.sees("实际公开日期")


def ask_to_pass(person: Person) -> None:
    """A request to let a number through, with the form that takes it back."""
    person.open("/disclosure/new/announcement")
    person.fill({"标题": "水泵采购"})
    person.press("写出初稿")
    person.fill({"正文": "水泵编号 13800138000。"})
    person.press("保存并预览")
    person.page.locator("[name=reason]").fill("这是水泵的出厂编号，不是任何人的手机号")
    person.press("申请放行")
    person.open("/disclosure/site/overrides/")
    person.page.get_by_text("撤回申请").first.click()
    person.sees("待批准的申请", "撤回理由")


def bundle(person: Person) -> None:
    """A bundle as it was just made."""
    person.open("/disclosure/site/bundles/")
    person.press("生成移交包")
    person.sees("第一次移交")


MAIN_PAGES = {
    "home of finance": ("finance", home),
    "home of the village": ("village", home),
    "projects": ("office", follow("项目库")),
    "project": ("office", follow("项目库", "交界街博碾村秸秆打包机采购项目")),
    "project under decision": ("approver", follow("审定入库")),
    "application": ("village", follow("继续填报", "填写申请表")),
    "funds": ("finance", follow("资金到账与分解")),
    "fund document": ("finance", follow("资金到账与分解", "哈财指(农)〔2023〕6号")),
    "batch": ("finance", follow("资金到账与分解", "资金安排批次", "批")),
    "arranging": ("finance", arrange),
    "disclosures": ("office", follow("公告公示")),
    "disclosure": ("office", follow("公告公示", "2023年度项目库公示")),
    "ledger": ("finance", opened("/disclosure/ledger/")),
    "proof": ("village", prove),
    "boards": ("town", opened("/boards/")),
    "notice on a board": ("town", first_notice),
    "notice recorded": ("town", record),
    "poster": ("town", poster),
    "complaints": ("office", opened("/complaints/")),
    "complaint taken in": ("office", opened("/complaints/new")),
    "complaint": ("office", complain),
    "permissions": ("office", ask_to_pass),
    "bundles": ("approver", opened("/disclosure/site/bundles/")),
    "bundle": ("office", bundle),
    "log of the disclosures": ("auditor", opened("/disclosure/site/log/")),
    "calendar": ("finance", follow("期限日历")),
    "accounts": ("admin", follow("单位和账号")),
}


@pytest.mark.parametrize("page", MAIN_PAGES)
def test_axe_finds_nothing_in_the_portal(browser: Browser, march: Demo, page: str) -> None:
    username, go = MAIN_PAGES[page]
    person = Person(browser, march.address, username, march.password)
    go(person)
    person.page.wait_for_load_state()
    found = [faults for _size in on_each_screen(person.page) if (faults := axe(person.page))]
    assert found == []
    assert person.leave() == []


@pytest.mark.parametrize(
    "path", ["index.html", "projects/acheng-2023-01.html", "funds/acheng-2023-f02.html"]
)
def test_axe_finds_nothing_on_the_public_site(browser: Browser, year_end: Demo, path: str) -> None:
    page = browser.new_page()
    complaints = watch(page)
    page.goto(f"{year_end.public_address}/{path}")
    for size in on_each_screen(page):
        assert not axe(page), size
        assert page.evaluate(FITS), size
    page.close()
    assert complaints == []


def axe(page: Page) -> str:
    """What axe finds on the page open now; nothing when all is well."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""
