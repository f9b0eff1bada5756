"""Somebody before a browser, signed in through the form as everybody is."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from web.house import PASSWORD, House

# The sizes in which the pages are used, and the looks that they have.
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
LOOKS: tuple[dict[str, Any], ...] = (
    {"viewport": WIDE, "color_scheme": "light"},
    {"viewport": WIDE, "color_scheme": "dark"},
    {"viewport": PHONE, "color_scheme": "light"},
)


class Ward:
    """The app at an address, and the browsers that are open in front of it."""

    def __init__(self, house: House, browser: Browser, address: str) -> None:
        self.house, self.address = house, address
        self._browser = browser
        self._open: list[BrowserContext] = []
        self._accounts: dict[str, str] = {}

    def nobody(self, **how: Any) -> Page:
        """A browser that was never here; `how` as Playwright has it."""
        context = self._browser.new_context(base_url=self.address, **{**LOOKS[0], **how})
        context.set_default_timeout(15_000)
        self._open.append(context)
        return context.new_page()

    def signed_in(self, role: str, **how: Any) -> Page:
        """The browser of somebody in a role, on the page that they come to."""
        if role not in self._accounts:
            self._accounts[role] = self.house.account(role)
        page = self.nobody(**how)
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(self._accounts[role])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def close(self) -> None:
        """Closes all of them."""
        for context in self._open:
            context.close()


def barriers(page: Page) -> list[str]:
    """What keeps people from using a page, by axe-core: the rule, and the first place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')}" for one in found]
