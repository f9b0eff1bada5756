"""Somebody before a browser, signed in through the form as everybody is."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from web.house import PASSWORD, House

# The sizes in which the pages are used, and the looks that they have.
WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
# What a colour, or a size, may break.
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = [*COLOURS, "target-size", "scrollable-region-focusable", "summary-name", "button-name", "label", "list"]


class Look(NamedTuple):
    """How somebody has a page before them, and what is to be looked at then; if nothing is said, all."""

    name: str
    size: ViewportSize
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"
    rules: Sequence[str] = ()


LOOKS = (
    Look("light", WIDE),
    Look("dark", WIDE, scheme="dark", rules=COLOURS),
    Look("print", WIDE, media="print", rules=COLOURS),
    Look("phone", PHONE, rules=SIZES),
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
        context = self._browser.new_context(base_url=self.address, **{"viewport": WIDE, **how})
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
    """What keeps people from using a page in one of its looks: the rule of axe-core, and the first place."""
    found = []
    for look in LOOKS:
        page.set_viewport_size(look.size)
        page.emulate_media(color_scheme=look.scheme, media=look.media)
        options = {"resultTypes": ["violations"], "iframes": False}
        only = {"runOnly": look.rules} if look.rules else {}
        said = page.evaluate("options => axe.run(document, options)", options | only)
        wrong = [(one["id"], one["nodes"][0]) for one in said["violations"]]
        found += [f"{look.name}: {rule}: {node['target']} {node.get('failureSummary', '')}" for rule, node in wrong]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{look.name}: wider than its window")
    page.emulate_media(color_scheme="light", media="screen")
    return found
