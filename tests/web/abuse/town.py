"""A made-up site of two units or more, in which there is something of everything that pages show."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.testclient import TestClient

from actions.ward import AUTHOR, USUAL, away, card, govern, post, take_in, unit
from evidence.certificates import new_ecard
from tracker.actions.access.own_link import OwnLinks, last_day
from tracker.actions.plan_reminders import plan_reminders
from tracker.db.bounces import Returned, record_bounces
from tracker.db.change import change
from tracker.db.known import known_cards
from tracker.db.outbox import outbox
from tracker.domain.access import Grant, Role
from tracker.domain.gate import Gate
from web.abuse.reading import Request
from web.house import NOW, TODAY, House
from web.imported import Importer
from web.test_mail import become

PEOPLE = range(1, 7)
PICTURE = b"\x89PNG\r\n\x1a\n a picture for "
# Whatever the units are called, each asks for both cards.
POLICY = USUAL.replace('units = ["ICU*", "ED"]', "citation = 'CITATION'")


@dataclass(frozen=True)
class Place:
    """One unit of the site. Every text on record there begins with `word`; ids, addresses, numbers with `key`."""

    word: str
    key: str

    @property
    def unit(self) -> str:
        """What the unit is called."""
        return f"{self.word} ward"

    def who(self, number: int) -> str:
        """The employee id of one of its people."""
        return f"{self.key}-{number}"

    def email(self, name: object) -> str:
        """An address of somebody there."""
        return f"{self.key}.{name}@{self.key}.example".lower()


class Town:
    """The site: all of each place, put in as people put it in."""

    def __init__(self, house: House, places: Sequence[Place], title: str = "Resuscitation") -> None:
        self.house, self.places = house, places
        title = title.replace('"', '\\"')
        text = POLICY.replace("'CITATION'", f'"{title}"').replace('id = "bls"', f'id = "bls"\ntitle = "{title}"')
        govern(house.database, text)
        self.policy = text
        self.educator = house.signed_in("educator")
        self.managers: dict[Place, TestClient] = {}
        self.links: list[str] = []
        self.sent: list[Request] = []
        for place in places:
            self._staff(place)
            grant = Grant(Role.MANAGER, (place.unit,))
            house.account(f"{place.key}-manager", grant)
            self.managers[place] = house.signed_in(f"{place.key}2-manager", grant)
        for place in places:
            self._record(place)
            self._hand_in(place)
            self._import(place)
        self._send()
        self._office()

    def send(self, browser: TestClient, path: str, **fields: str) -> None:
        """Sends a form, which has to be taken."""
        self.send_file(browser, path, None, **fields)

    def send_file(self, browser: TestClient, path: str, file: tuple[str, bytes] | None, **fields: str) -> None:
        """Sends a form with a file, which has to be taken."""
        files = {"file": file} if file else None
        answer = browser.post(path, data={"mark": self.house.mark(browser), **fields}, files=files)
        assert answer.status_code in (200, 303), (path, answer.text)
        self.sent.append(Request("POST", path, (), tuple(fields.items()), ("file",) if file else ()))
        self.house.site.background.wait()

    def _staff(self, place: Place) -> None:
        take_in(self.house.database, unit(place.unit, f"{place.word} house", place.email("boss"), place.email("head")))
        posts = [
            post(
                place.who(number),
                place.unit,
                "2025-06-01" if number == 3 else "2024-03-01",
                name=f"{place.word} Person {number}",
                email=place.email(number),
            )
            for number in PEOPLE
        ]
        take_in(self.house.database, *posts)
        cards = [
            card(place.who(1), "2025-01-10", number=f"{place.key}0001"),
            card(place.who(2), "2023-05-10", number=f"{place.key}0002"),
            card(place.who(4), "2023-07-10", number=f"{place.key}0004"),
            card(place.who(6), "2025-01-10", number=f"{place.key}0006"),
        ]
        take_in(self.house.database, *cards)
        take_in(self.house.database, away(place.who(5), "2025-05-01"))

    def _record(self, place: Place) -> None:
        """What is said of single people at forms, some of it taken back."""
        first, second, browser = place.who(1), place.who(2), self.educator
        with self.house.database.read() as connection:
            numbers = [known_cards(connection, [who])[who].cards[0].id for who in (first, place.who(6))]
        why = f"{place.word} reason"
        for who in (first, second):
            self.send(browser, f"/record/leave/{who}", starts_on="2025-07-01", until="2025-07-31", why=why)
            self.send(browser, f"/record/class/{who}", type="ACLS", class_on="2025-09-01", why=why)
            said = {"requirement": "bls", "starts_on": "2025-08-01", "until": "2025-08-31", "approver": why}
            self.send(browser, f"/record/exemption/{who}", **said, reason=why)
        said = {"type": "ACLS", "issuer": "AHA", "number": f"{place.key}0007", "issued_on": "2025-02-01"}
        self.send(browser, f"/record/card/{second}", **said, stated="2027-02")
        self.send(browser, f"/record/retract-card/{numbers[1]}/{place.who(6)}", why=why)
        for name, number in ((f"{place.word}.png", str(numbers[0])), (f"{place.word} 2.png", "")):
            picture = PICTURE + place.key.encode() + number.encode()
            self.send_file(browser, f"/record/evidence/{first}", (name, picture), card=number)
        self.send_file(browser, f"/record/evidence/{second}", ("e.pdf", new_ecard(name=f"{place.word} Person 2")))

    def _hand_in(self, place: Place) -> None:
        """Cards from staff, by their links: two wait, one is refused."""
        links = OwnLinks("", self.house.site.secret.decode())
        with self.house.database.read() as connection:
            numbers = {at: known_cards(connection, [place.who(at)])[place.who(at)].id for at in (2, 3, 4)}
        for at, person in numbers.items():
            link = links.link(person, place.email(at), last_day(TODAY))
            self.links.append(link)
            browser = self.house.browser()
            mark = browser.get(link).text.partition('name="mark" value="')[2].partition('"')[0]
            file = (f"{place.word}.png", PICTURE + f"{place.key}{at}".encode())
            answer = browser.post(link, data={"mark": mark, "kind": "BLS"}, files={"file": file})
            assert answer.status_code == 303
        self._refuse(place)

    def _refuse(self, place: Place) -> None:
        text = self.managers[place].get("/checks/uploads").text
        number = text.partition('action="/checks/uploads/')[2].partition("/")[0]
        said = {"why": f"{place.word} reason", "instead": f"{place.word} instead"}
        self.send(self.managers[place], f"/checks/uploads/{number}/refuse", **said)

    def _import(self, place: Place) -> None:
        """What is in with a row left out, what is asked about, and what was only begun."""
        quoted = place.unit.replace('"', '""')
        roster = f'Emp ID,Name,Unit,Role,Start,"{place.word.replace(chr(34), chr(34) * 2)} column"\n'
        row = f'{{}},"{place.word.replace(chr(34), chr(34) * 2)} Newcomer","{quoted}",RN,2025-05-01,x\n'
        for browser in (self.educator, self.managers[place]):
            importer = Importer(self.house, browser)
            name = f"{place.word} {{}}.csv"
            importer.hand_in(roster + row.format(place.who(8)) + row.format("").replace("RN", "MD"), name=name)
            importer.send("files", go="on")
            importer.apply()
            importer.hand_in(roster + row.format(place.who(9)).replace("2025-05-01", "03/04/2025"), name=name)
            importer.hand_in(roster + row.format(place.who(7)), name=name)
            importer.send("files", go="on")

    def _send(self) -> None:
        """Mails that wait, one that was sent, one that failed, addresses that came back."""
        plan_reminders(self.house.database, Gate(True), TODAY, NOW, "site.example")
        for place in self.places:
            with self.house.database.read() as connection:
                mails = [one for one in outbox(connection) if one.planned.address.startswith(place.key.lower())]
            last = mails[-1]
            become(self.house, mails[0].id, "failed", f"{place.word} failed")
            become(self.house, last.id, "sent")
            with change(self.house.database, AUTHOR, "bounce-mark") as made:
                returned = Returned(last.message_id, last.planned.address, "5.1.1", f"{place.word} bounced")
                record_bounces(made, [returned], TODAY)

    def _office(self) -> None:
        """Reports that were issued, a policy that is only proposed, access that was given."""
        for place in self.places:
            for kind in ("compliance", "exceptions"):
                said = {"report": kind, "unit": place.unit, "form": "csv", "as_of": TODAY.isoformat(), "issue": "yes"}
                self.send(self.educator, "/reports", **said, months="6")
        for _ in range(2):
            self.send(self.educator, "/policy/new", text=self.policy.replace("60", "90"), effective="2025-05-01")
