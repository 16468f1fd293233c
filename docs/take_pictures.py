"""Take the pictures of the README and the manual from a running demo (``manage.py run --fresh``).

``python docs/take_pictures.py [PORTAL] [SITE]``; addresses default to ports 8000 and 8001.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from portal.demo.people import PASSWORD
from tests.environment import chromium

PICTURES = Path(__file__).with_name("pictures")
PORTAL_PAGES = (
    ("finance", "/", "home", 1366),
    ("finance", "/funds/", "funds", 1366),
    ("finance", "/funds/batches/4", "batch", 1366),
    ("finance", "/deadlines/", "deadlines", 1366),
    ("office", "/disclosure/", "disclosure", 1366),
    ("office", "/disclosure/ledger/?level=county", "ledger", 1366),
    ("approver", "/library/1", "project", 1366),
    ("perf", "/performance/assessments/1", "assessment", 1366),
    ("village", "/", "home", 375),
)
SITE_PAGES = (
    ("index.html", "public-home", 1366),
    ("projects/acheng-2023-03.html", "public-project", 375),
    ("funds/acheng-2023-f02.html", "public-fund", 1366),
)
HEIGHTS = {1366: 900, 375: 812}


def main(portal: str = "http://127.0.0.1:8000", site: str = "http://127.0.0.1:8001") -> None:
    """Write every picture as ``<name>-<width>.png``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--force-color-profile=srgb"]
        )
        for user, path, name, width in PORTAL_PAGES:
            _take(browser, f"{portal}{path}", name, width, sign_in=(portal, user))
        for path, name, width in SITE_PAGES:
            _take(browser, f"{site}/{path}", name, width)
        browser.close()


def _take(
    browser: Browser, address: str, name: str, width: int, sign_in: tuple[str, str] | None = None
) -> None:
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]})
    if sign_in:
        page.goto(f"{sign_in[0]}/login")
        page.fill("[name=username]", sign_in[1])
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
    page.goto(address)
    page.screenshot(path=PICTURES / f"{name}-{width}.png")
    page.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
