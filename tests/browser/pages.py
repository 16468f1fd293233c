"""What people see and do, in the words of the pages."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.world import PASSWORD

DESK, PHONE = (1366, 768), (375, 667)


def watch(page: Page) -> list[str]:
    """What the browser complains of from now on: scripts, the content policy, missing files, faults."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            message.type in {"error", "warning"}
            and not message.text.startswith("Failed to load resource")
            and complaints.append(f"{page.url}: {message.text}")
        ),
    )
    page.on(
        "response",
        lambda answer: (
            (answer.status == 404 or answer.status >= 500)
            and complaints.append(f"{answer.status} {answer.url}")
        ),
    )
    return complaints


class Person:
    """Somebody with an account, signed in through the form, in a browser of their own."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        username: str,
        password: str = PASSWORD,
        size: tuple[int, int] = DESK,
    ) -> None:
        self.username = username
        viewport = {"width": size[0], "height": size[1]}
        self.context = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN")
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.complaints = watch(self.page)
        self.page.goto("/login")
        self.fill({"用户名": username, "密码": password})
        self.press("登录")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("今天要做的事")
        self.page.wait_for_load_state()  # the scripts run after the words are there

    def leave(self) -> list[str]:
        """Close the browser; the complaints that it had."""
        self.context.close()
        return self.complaints

    def open(self, path: str) -> None:
        """Go to an address of the portal."""
        self.page.goto(path)

    def follow(self, link: str) -> None:
        """Click a link by its words."""
        self.page.get_by_role("link", name=link).first.click()

    def press(self, button: str) -> None:
        """Click a button by its words."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def task(self, what: str, button: str) -> None:
        """Take up a line of the home page by its one button."""
        self.open("/")
        line = self.page.locator("ul.tasks li", has_text=what)
        line.get_by_role("link", name=button).click()

    def fill(self, values: dict[str, str | Path], within: str = "main") -> None:
        """Fill in fields by their labels; a file where the field wants one."""
        for label, value in values.items():
            _fill(self.field(label, within), value)

    def field(self, label: str, within: str = "main") -> Locator:
        """The field with this label, without its unit and its mark of duty."""
        name = re.compile(rf"^{re.escape(label)}(（.+）)?(必填)?$")
        return self.page.locator(within).get_by_label(name)

    def sees(self, *texts: str) -> None:
        """These words stand on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        self.page.wait_for_load_state()


def _fill(field: Locator, value: str | Path) -> None:
    if isinstance(value, Path):
        field.set_input_files(value)
    elif field.evaluate("e => e.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)
