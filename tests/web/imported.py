"""An import as it is made in a browser: files handed in, pages read, forms sent."""

import re
from html import unescape
from io import BytesIO

from httpx2 import Response
from starlette.testclient import TestClient
from xlsxwriter import Workbook

from tracker.web.gate import COOKIE, mark_of
from web.house import House

OWN = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
ROSTER = "employee_id,name,unit,role,starts_on\n"
CARDS = "employee_id,type,issued_on\n"


class Importer:
    """Somebody at the import; `at` is the path of the draft."""

    def __init__(self, house: House, browser: TestClient) -> None:
        self.house, self.browser, self.at = house, browser, ""

    @property
    def mark(self) -> str:
        """The mark of their forms."""
        return mark_of(self.house.site, self.browser.cookies[COOKIE])

    def hand_in(self, *files: str, name: str = "file{}.csv") -> Response:
        """Hands texts in, and goes on to where that leads."""
        return self.hand_in_bytes({name.format(at): text.encode() for at, text in enumerate(files)})

    def hand_in_book(self, text: str) -> Response:
        """Hands a workbook in, of cells with semicolons between them."""
        held = BytesIO()
        book = Workbook(held)
        sheet = book.add_worksheet("Staff")
        for row, line in enumerate(text.splitlines()):
            sheet.write_row(row, 0, line.split(";"))
        book.close()
        return self.hand_in_bytes({"book.xlsx": held.getvalue()})

    def hand_in_bytes(self, files: dict[str, bytes]) -> Response:
        """Hands files in by their names, and goes on to where that leads."""
        sent = [("files", (name, content, "application/octet-stream")) for name, content in files.items()]
        answer = self.browser.post("/import", files=sent, data={"mark": self.mark}, headers=OWN)
        if answer.status_code == 303:
            self.at = "/".join(answer.headers["location"].split("/")[:3])
            return self.wait(answer)
        return answer

    def wait(self, answer: Response) -> Response:
        """Follows redirections, also while work goes on."""
        while answer.status_code == 303:
            answer = self.browser.get(answer.headers["location"])
        while "data-poll" in answer.text:
            answer = self.browser.get(str(answer.url), follow_redirects=True)
        return answer

    def see(self, step: str) -> Response:
        """A step of the draft, or where it leads to."""
        return self.wait(self.browser.get(f"{self.at}/{step}".rstrip("/")))

    def send(self, step: str, **fields: str) -> Response:
        """Sends a form of a step."""
        answer = self.browser.post(f"{self.at}/{step}", data={"mark": self.mark, **fields}, headers=OWN)
        return self.wait(answer)

    def apply(self, **fields: str) -> Response:
        """Applies the plan as it is shown."""
        shown = re.search(r'name="plan" value="(\w+)"', self.see("plan").text)
        return self.send("apply", plan=shown[1] if shown else "", **fields)


def text_of(answer: Response) -> str:
    """What a page says, without its elements."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def figure(answer: Response, name: str) -> int:
    """A figure of the plan or the result."""
    found = re.search(r"<b>(\d+)</b> " + name, answer.text)
    return int(found[1]) if found else 0
