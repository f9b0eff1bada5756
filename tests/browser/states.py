"""Every state of every page that somebody may meet, one after the other, each with its name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import FilePayload, Page, expect

from actions.ward import card, excused, govern, staff, take_in
from browser.ward import Ward
from evidence.certificates import new_ecard
from tracker.actions.access.give import first_link, new_link
from tracker.actions.drafts.folder import Drafts
from tracker.actions.policy_drafts.kept import Drafts as Policies
from tracker.web.boards import AT_ONCE, PART
from tracker.web.imports.work import Work, begin
from web.house import ANA, BOSS, EVE, NOW, TODAY
from web.test_checks import POLICY
from web.test_own import link
from web.test_policy import KINDER
from web.world import World

States = Iterator[tuple[str, Page]]
PAGES = (
    *("/", "/?show=expiring", "/?show=unreachable", "/?show=unmatched", "/?show=to-check", "/?on=2027-01-31"),
    *("/people", "/people?standing=out", "/people?q=nobody", "/units", "/units?on=2020-01-01", "/units/ICU"),
    *(f"/people/{ANA}", f"/people/{ANA}?on=2027-01-31", f"/people/{EVE}", f"/mails-to/{ANA}", f"/history-of/{ANA}"),
    *("/import", "/checks", "/checks?unit=ICU", "/checks/uploads", "/checks/uploads?after=999", "/checks/refused"),
    *(
        "/mail",
        "/mail?state=failed",
        "/mail?state=sent",
        "/mail?state=withdrawn",
        "/mail/1",
        "/mail/owed",
        "/mail/enable",
    ),
    *("/mail/bounces", "/mail/samples", "/mail/samples/staff_reminder-long"),
    *("/reports?report=compliance", "/reports?report=exceptions", "/reports?report=history", "/reports/issued"),
    *("/policy", "/jobs", "/jobs/history", "/trail", "/trail?employee=none", "/trail?until=2001-01-01", "/trail/1"),
    *("/trail/check", "/trail/check?noted=none", "/people/none", "/access", "/none", "/?on=never", "/?number=no"),
)
# Forms, and what is typed there that cannot be.
FORMS: dict[str, dict[str, str]] = {
    f"/record/card/{ANA}": {"stated": "soon"},
    f"/record/correct-card/1/{ANA}": {"stated": "soon"},
    f"/record/retract-card/1/{ANA}": {},
    f"/record/answer/1/{ANA}": {"day": "2999-01-01"},
    f"/record/leave/{ANA}": {"until": "2000-01-01"},
    f"/record/change-leave/1/{ANA}": {"why": ""},
    f"/record/retract-leave/1/{ANA}": {},
    f"/record/class/{ANA}": {},
    f"/record/change-class/1/{ANA}": {"why": ""},
    f"/record/retract-class/1/{ANA}": {},
    f"/record/exemption/{ANA}": {},
    f"/record/end-exemption/1/{EVE}": {"why": ""},
    f"/record/retract-exemption/1/{EVE}": {},
    f"/record/evidence/{ANA}": {},
    f"/record/attach-evidence/1/{ANA}": {},
    f"/record/retract-evidence/1/{ANA}": {},
    "/change-unit": {},
    "/change-unit?unit=ICU": {"managers": "nobody"},
    "/import": {},
    "/checks": {},
    "/checks/uploads": {"stated": "soon"},
    "/policy/new": {"text": "name = 1"},
    "/reports?report=survey": {},
    "/me": {"old": "wrong", "new": "four other words", "again": "four others"},
}
# A date that may be two days, people in another unit than known, rows that stay out, and one that changes nothing.
ASKING = f"""Emp ID,Name,Unit,Role,BLS
{ANA},Ana Abel,PACU,RN,
{EVE},Eve Eder,PACU,RN,
9001,New Nora,ICU,RN,03/04/2027
9002,New Ned,Cafe,Cook,enrolled
,Nobody Nell,ICU,RN,
"""
ACCESS = {"/access/new": {"role": "manager"}, "/access/1": {"role": "manager"}}


def seen(page: Page, *paths: str) -> States:
    """Pages by their addresses."""
    for path in paths:
        page.goto(path)
        yield path, page


def looking(ward: Ward, role: str = "") -> Page:
    """The browser of somebody in a role, or of nobody, with axe-core in every page."""
    page = ward.signed_in(role) if role else ward.nobody()
    page.add_init_script(AXE_SCRIPT)
    return page


def send(page: Page, **typed: str) -> None:
    """Sends the first form of a page that has such fields, whatever the browser thinks of it."""
    fields = "".join(f":has([name={name}])" for name in typed)
    form = page.locator(f"main form[method=post]{fields}").first
    form.evaluate("form => { form.noValidate = true; }")
    for name, text in typed.items():
        field = form.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value={text}]").check()
        else:
            field.fill(text)
    with page.expect_navigation():
        form.locator("button:not([type=button])").first.click()


def refused(page: Page, forms: dict[str, dict[str, str]]) -> States:
    """Each form as it comes back: then what is wrong has the focus and is read out."""
    for path, typed in forms.items():
        page.goto(path)
        send(page, **typed)
        assert page.evaluate("document.activeElement.matches('.problem[role=alert]')"), path
        yield f"{path}, refused", page


def everything(ward: Ward, bare: Ward) -> States:
    """All states: of a house in which there is something of everything, and of one in which there is nothing yet."""
    page = looking(ward, "educator")
    yield from seen(page, "/checks", "/checks/uploads", "/mail", "/mail/bounces", "/reports/issued", f"/people/{ANA}")
    govern(ward.house.database, POLICY, TODAY)
    take_in(ward.house.database, card(ANA, "2023-06-05", number="255401052877"))
    take_in(ward.house.database, excused(EVE, "2025-01-01", "2025-12-31"))
    world = World(ward.house)
    world.grow(3)
    world.wait(EVE, "ecard.pdf", new_ecard(name="Zoe Zander"), "application/pdf")
    yield from seen(page, *PAGES)
    yield from refused(page, FORMS)
    yield from checks(page)
    yield from policies(ward, page)
    yield from imports(ward, page)
    yield from of_others(ward)
    yield from of_nothing(bare)


def checks(page: Page) -> States:
    """The upload that has a text, which is the last; a file of answers of which one is not taken."""
    while page.get_by_text("Zoe Zander").count() == 0:
        page.goto("/checks/uploads" if "/checks/uploads" not in page.url else "/checks/uploads?after=" + last(page))
    yield "an upload with text", page
    page.goto("/checks")
    answers = FilePayload(name="answers.csv", mimeType="text/csv", buffer=b"number,answer\n255401052877,expired\n")
    page.locator("input[type=file]").set_input_files(answers)
    page.locator("form:has(input[type=file]) button").click()
    yield "a file of answers", page


def last(page: Page) -> str:
    """The number of the upload that is shown."""
    found = re.search(r"uploads/(\d+)/accept", page.content())
    assert found
    return found[1]


@contextmanager
def held(page: Page) -> Iterator[Event]:
    """Work that goes on until the block ends; pages do not ask how far it is meanwhile."""
    page.route("**/app.js", lambda route: route.abort())
    over = Event()
    yield over
    over.set()
    page.unroute("**/app.js")


def policies(ward: Ward, page: Page) -> States:
    """A draft: begun, being worked out, worked out, narrowed to nobody, about to be applied."""
    background, path = ward.house.site.background, f"/policy/drafts/{drafted(ward)}"
    yield from seen(page, path)
    with held(page) as over:
        background.begin(path.replace("/policy/drafts/", "draft "), lambda _: str(over.wait(60)))
        yield from seen(page, path)
    background.wait()
    page.goto(path)
    page.get_by_role("button", name="Work it out").click()
    background.wait()
    yield from seen(page, path, f"{path}?unit=OR", f"{path}/apply")


def drafted(ward: Ward) -> str:
    """The key of a draft of a policy under which newcomers have longer."""
    return Policies(ward.house.site.settings.data_dir).keep("kinder", KINDER, TODAY, "somebody", NOW).key


def imports(ward: Ward, page: Page) -> States:
    """Files of many columns, of none that is known, and one that asks; then undone."""
    headers = [f"Column {number}" for number in range(60)]
    at = handed_in(page, f"Emp ID,Unit,{','.join(headers)}\n9001,ICU{',' * 60}\n")
    yield from seen(page, f"{at}/files", f"{at}/files?change=f0-s0")
    yield from seen(page, handed_in(page, "A,B\n9001,ICU\n"))
    yield from cut_short(ward, page, at)
    choose(page, "scan.pdf", b"%PDF-1.7")
    expect(page.get_by_role("heading", name="This file cannot be read")).to_be_visible(timeout=30_000)
    yield "a file that cannot be read", page
    yield from asking(page, handed_in(page, ASKING))
    page.get_by_role("link", name="Undo this import").click()
    yield "import, undo", page
    send(page)
    yield "import, undone", page


def handed_in(page: Page, text: str) -> str:
    """Hands a file in; returns the path of the draft, on whose first page one is then."""
    choose(page, "list.csv", text.encode())
    expect(page.get_by_role("heading", name="What we understood")).to_be_visible(timeout=30_000)
    return "/".join(page.url.split("/")[3:5]).join(("/", ""))


def choose(page: Page, name: str, content: bytes) -> None:
    """Chooses a file to import and has it looked at."""
    page.goto("/import")
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    page.get_by_label("Spreadsheets").set_input_files(file)
    page.get_by_role("button", name="Look at them").click()


def cut_short(ward: Ward, page: Page, path: str) -> States:
    """A draft that is being read, and one of which the applying broke off."""
    drafts = Drafts(ward.house.site.settings.data_dir)
    (place,) = ward.house.site.settings.data_dir.glob(f"*/*/{path.rsplit('/', 1)[1]}")
    draft = drafts.find(place.parent.name, place.name, ward.house.now)
    with held(page) as over:
        begin(drafts.folder(draft), Work(applying=False), lambda: over.wait(60))
        yield from seen(page, f"{path}/working")
    draft.applying = "0" * 64
    drafts.save(draft)
    yield from seen(page, f"{path}/plan")


def asking(page: Page, path: str) -> States:
    """Each question, without an answer; the plan, all its lists, the result."""
    page.goto(f"{path}/questions")
    while "/questions/" in page.url:
        yield from refused(page, {page.url: {}})
        page.get_by_role("radio").first.check()
        send(page)
    page.locator("details").first.evaluate("one => { one.open = true; }")
    yield "import, plan", page
    lists = page.locator("a[href*='/rows/']").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    yield from seen(page, *lists, f"{path}/plan")
    page.get_by_role("button", name="Apply the plan").click()
    expect(page.get_by_role("heading", name="is in")).to_be_visible(timeout=30_000)
    yield "import, result", page


def of_others(ward: Ward) -> States:
    """What administrators, staff, and those who are not signed in come to; and what is not for them."""
    own, house = link(ward.house), ward.house
    token = new_link(house.database, BOSS, "educator@hospital.example", house.now)
    page = looking(ward, "administrator")
    yield from seen(page, "/access", "/access?role=auditor", "/access/1/end")
    yield from refused(page, ACCESS)
    page.goto("/access/new")
    send(page, name="Dana Diaz", email="dana@hospital.example", role="educator")
    yield "access, link", page
    page = looking(ward, "staff")
    yield from seen(page, f"/people/{ANA}", "/people")
    yield from refused(page, {"/hand-in": {}})
    page = looking(ward)
    yield from seen(page, "/link/none")
    yield from refused(page, {own: {}, f"/link/{token}": {"password": "short"}, "/sign-in": {}})


def of_nothing(bare: Ward) -> States:
    """Before anybody is there, before there is a policy, and while many are counted for the first time."""
    token = first_link(bare.house.database, NOW)
    yield from seen(looking(bare), f"/link/{token}")
    page = looking(bare, "educator")
    yield from seen(page, "/", "/people", "/units", "/import", "/policy", "/policy/new?pack=us-hospital", "/trail/1")
    yield from seen(looking(bare, "auditor"), "/", "/policy")
    govern(bare.house.database)
    yield from seen(page, "/", "/people", "/units")
    take_in(bare.house.database, *staff((AT_ONCE + 1) * PART))
    with held(page):
        yield from seen(page, "/?on=2025-06-01")
