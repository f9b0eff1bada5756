"""Who has access: the list, inviting, changing, ending."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from tracker.actions.access import give
from tracker.db.account_list import Wanted, last_seen, some_accounts
from tracker.db.accounts import Account, account_by_number
from tracker.domain.access import Grant, Right, Role
from tracker.domain.errors import BadInput
from tracker.web.gate import Needs, Visit, named_day
from tracker.web.pages import ROWS, page, see
from tracker.web.typed import Lines, Text, Words

router = APIRouter()
Giver = Annotated[Visit, Depends(Needs(Right.GIVE_ACCESS))]
ROLES = {
    Role.ADMINISTRATOR: "Administrator: everything but exemptions",
    Role.EDUCATOR: "Educator: everybody's cards, exemptions, the policy",
    Role.MANAGER: "Manager: the people of some units",
    Role.AUDITOR: "Auditor: looks at everything, until a day",
    Role.STAFF: "Staff: their own page",
}


class GrantForm:
    """What a form says of a grant, as it was typed."""

    def __init__(self, role: Text = "", units: Lines = "", employee_id: Text = "", until: Text = "") -> None:
        self.role, self.units, self.employee_id, self.until = role, units, employee_id.strip(), until

    @classmethod
    def of(cls, grant: Grant | None) -> "GrantForm":
        """The form of what was given."""
        if grant is None:
            return cls()
        until = grant.until.isoformat() if grant.until else ""
        return cls(grant.role.value, "\n".join(grant.units), grant.employee_id or "", until)

    def read(self) -> Grant:
        """The grant; raises BadInput if it is none."""
        if self.role not in list(Role):
            raise BadInput("Choose what they are.")
        units = tuple(line.strip() for line in self.units.splitlines() if line.strip())
        return Grant(Role(self.role), units, self.employee_id or None, named_day(self.until))


Given = Annotated[GrantForm, Depends()]


@router.get("/access")
def people(visit: Giver, begins: str = "", role: str = "", ended: str = "", after: str = "") -> Response:
    """The list."""
    # Whose access has ended has no role.
    wanted = Wanted(begins.strip(), role if role in list(Role) and not ended else "", bool(ended))
    with visit.database.read() as connection:
        found = some_accounts(connection, wanted, after, ROWS + 1)
        seen = last_seen(connection, [one.id for one in found])
    return page(
        "access",
        visit,
        accounts=found[:ROWS],
        seen=seen,
        wanted=wanted,
        after=after,
        further=found[ROWS - 1].email if len(found) > ROWS else "",
        roles=[("", "All roles"), *((each.value, each.value.title()) for each in Role)],
    )


@router.get("/access/new")
def ask(visit: Giver, again: int = 0) -> Response:
    """The form by which somebody is invited; or, by their number, somebody whose access had ended."""
    known = _account(visit, again) if again else None
    return _invitation(visit, known.name if known else "", known.email if known else "", GrantForm())


@router.post("/access/new")
def invite(visit: Giver, request: Request, given: Given, name: Text = "", email: Words = "") -> Response:
    """Gives access, and shows the link, once."""
    try:
        grant = given.read()
        token = give.add_user(
            visit.database, visit.author, email, name.strip() or email.strip(), grant, visit.site.now()
        )
    except BadInput as error:
        return _invitation(visit, name, email, given, str(error))
    return _link(visit, request, email.strip(), token)


@router.get("/access/{number}")
def account(visit: Giver, number: int) -> Response:
    """One account: what it was given, and what can be done about it."""
    found = _account(visit, number)
    return _one(visit, found, GrantForm.of(found.grant))


@router.post("/access/{number}")
def change(visit: Giver, number: int, given: Given) -> Response:
    """Gives another role, other units or another last day."""
    found = _account(visit, number)
    try:
        give.change_access(visit.database, visit.author, found.email, given.read())
    except BadInput as error:
        return _one(visit, found, given, str(error))
    return see(visit, f"/access/{number}", done="access-changed")


@router.post("/access/{number}/link")
def link(visit: Giver, request: Request, number: int) -> Response:
    """Makes a new link, and shows it, once."""
    found = _account(visit, number)
    token = give.new_link(visit.database, visit.author, found.email, visit.site.now())
    return _link(visit, request, found.email, token)


@router.get("/access/{number}/end")
def confirm(visit: Giver, number: int) -> Response:
    """Asks once more."""
    return page("access-end", visit, account=_account(visit, number), error="")


@router.post("/access/{number}/end")
def end(visit: Giver, number: int) -> Response:
    """Ends their access."""
    found = _account(visit, number)
    try:
        give.end_access(visit.database, visit.author, found.email)
    except BadInput as error:
        return page("access-end", visit, 400, account=found, error=str(error))
    return see(visit, "/access", done="access-ended")


def _account(visit: Visit, number: int) -> Account:
    with visit.database.read() as connection:
        found = account_by_number(connection, number) if 0 < number < 2**31 else None
    if found is None:
        raise BadInput("There is no such account; choose one of the list.")
    return found


def _one(visit: Visit, account: Account, given: GrantForm, error: str = "") -> Response:
    with visit.database.read() as connection:
        seen = last_seen(connection, [account.id]).get(account.id)
    known = {"account": account, "given": given, "roles": ROLES.items(), "seen": seen, "error": error}
    return page("access-one", visit, 400 if error else 200, **known)


def _invitation(visit: Visit, name: str, email: str, given: GrantForm, error: str = "") -> Response:
    known = {"name": name, "email": email, "given": given, "roles": ROLES.items(), "error": error}
    return page("access-new", visit, 400 if error else 200, **known)


def _link(visit: Visit, request: Request, email: str, token: str) -> Response:
    base = (visit.site.settings.base_url or str(request.base_url)).rstrip("/")
    return page("access-link", visit, email=email, link=f"{base}/link/{token}")
