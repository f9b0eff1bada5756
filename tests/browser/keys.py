"""Somebody who has only a keyboard: goes from stop to stop, and has to see at each where they are."""

from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, expect

# No page has so many stops before the one that is looked for.
BOUND = 250
# What is wrong with the stop that has the focus; `reached` keeps those that had it.
LOOK = """() => {
  const stop = document.activeElement, wrong = [];
  if (!stop || stop === document.body) return null;
  (window.reached ??= new Set()).add(stop);
  const drawn = [stop, ...(stop instanceof SVGElement ? stop.children : [])].map((one) => getComputedStyle(one));
  const outlined = drawn[0].outlineStyle !== "none" && parseFloat(drawn[0].outlineWidth) >= 2;
  const stroked = drawn.slice(1).some((one) => one.stroke !== "none" && parseFloat(one.strokeWidth) >= 3);
  if (!outlined && !stroked) wrong.push("its focus is not shown");
  const boxes = [...stop.getClientRects(), ...(stop.firstElementChild?.getClientRects() ?? [])];
  const box = boxes.find((one) => one.width && one.height) ?? { left: 0, right: 0, top: 0, bottom: 0 };
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const on = left < right && top < bottom && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!on) wrong.push("it is out of view");
  // Bars of a few days overlap; the words about the one that has the focus stand below.
  else if (![on, on.ownerSVGElement].some((one) => one?.contains(stop)) && !stop.contains(on))
    wrong.push("something lies over it: " + on.outerHTML.slice(0, 80));
  return wrong;
}"""
# What a mouse reaches and the stops so far were not; of the choices of one question one is enough. The page of a mail
# has no stop of its own: its words stand below it as text, which is one.
MISSED = """() => [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !window.reached.has(one))
  .filter((one) => one.type !== "radio" || ![...window.reached].some((other) => other.name === one.name))
  .map((one) => one.outerHTML.slice(0, 120))"""


class Stop(NamedTuple):
    """What has the focus, as it is read out."""

    role: str
    name: str


class Keys:
    """The keyboard in front of a page. Nothing here clicks, or gives focus to anything."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._tools = page.context.new_cdp_session(page)
        # From now on its dialogs are the test's to answer: asked for at the key itself, the first came before that.
        page.on("filechooser", lambda _: None)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Types where the focus is, instead of what is there."""
        self.press("Control+a")
        self.page.keyboard.type(text)

    def here(self) -> Stop:
        """What has the focus, by its role and its name for whoever does not see it."""
        found = self._tools.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        told = self._tools.send("Accessibility.getPartialAXTree", {"objectId": found, "fetchRelatives": False})
        node = told["nodes"][0]
        return Stop(*(node.get(each, {}).get("value", "") for each in ("role", "name")))

    def to(self, name: str, role: str = "", key: str = "Tab") -> "Keys":
        """Goes on to the next stop whose name has these words in it."""
        passed: list[Stop] = []
        self.page.wait_for_load_state()
        while len(passed) < BOUND:
            self.press(key)
            wrong = self.page.evaluate(LOOK)
            passed.append(self.here())
            assert not wrong, (passed[-1], wrong)
            if name in passed[-1].name and role in passed[-1].role:
                return self
        raise AssertionError(f"{name!r} is not reached by {key} on {self.page.url}, only {dict.fromkeys(passed)}")

    def follow(self, name: str, role: str = "", heading: str = "", key: str = "Tab") -> None:
        """Goes to a link or a button and presses Enter; waits for the page that it leads to."""
        self.to(name, role, key)
        with self.page.expect_navigation():
            self.press("Enter")
        if heading:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading, timeout=30_000)

    def choose_file(self, name: str, path: Path) -> None:
        """Opens the file dialog of a field and chooses there."""
        self.to(name)
        with self.page.expect_file_chooser() as dialog:
            self.press("Enter")
        dialog.value.set_files(path)

    def round(self, key: str = "Tab") -> list[str]:
        """Goes through all stops until they are over; returns what is wrong with some, or was not reached."""
        found: list[str] = []
        for _ in range(BOUND):
            self.press(key)
            wrong = self.page.evaluate(LOOK)
            if wrong is None:
                # The frame of a mail is another process's, and hands the focus on a moment later.
                self.page.wait_for_timeout(300)
                wrong = self.page.evaluate(LOOK)
            if wrong is None:
                return found + [f"not reached: {one}" for one in self.page.evaluate(MISSED)]
            found += [f"{self.here()}: {one}" for one in wrong]
        return [*found, "there is no end to it"]
