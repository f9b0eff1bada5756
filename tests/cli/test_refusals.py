"""`tracker evidence refuse`: the person hears of it by mail, and where that cannot be the screen says so."""

from typing import Any

import pytest

from cli.program import Done, Program, refused
from cli.test_evidence import NAME
from cli.test_remind import by_kind, json_of, mailbox, smtp
from evidence.certificates import new_ecard
from notify.mail_server import MailServer

WHY = "It shows the front only."
SHOWN = ("evidence", "refuse", "1001", "1", "--why", WHY)


@pytest.fixture
def waiting(hospital: Program) -> Program:
    """The hospital, in which Ada's new BLS card waits to be checked."""
    return hand_in(hospital, "1001", "e.pdf", NAME)


def hand_in(hospital: Program, employee_id: str, file: str, name: str) -> Program:
    """Hands a certificate in while nobody is there to confirm it."""
    path = hospital.file(file, new_ecard(name=name, number="261100000099"))
    assert "waits to be checked" in hospital.ok("evidence", "add", employee_id, path).out
    return hospital


def reject(program: Program, *words: str, **environment: str) -> Done:
    """Refuses Ada's card."""
    return program.ok(*SHOWN, *words, **environment)


def test_a_refusal_is_told_by_the_next_run_through_a_real_server(waiting: Program) -> None:
    """Why, what to send, and an answer to it that goes to her managers; once, under its own kind."""
    with MailServer() as server:
        waiting.ok("mail", "enable", **smtp(server))
        assert "The next run tells 1001" in reject(waiting, "--instead", "Both sides.", **smtp(server)).out
        run = json_of(waiting("remind", "--format", "json", **smtp(server)))
        again = json_of(waiting("remind", "--format", "json", **smtp(server)))
    [told] = by_kind(run)["card_rejected"]
    assert (told["to"], told["employee_id"], told["state"]) == (["ada@site.example"], "1001", "sent")
    notice: dict[str, Any] = {
        "employee_id": "1001",
        "requirements": [],
        "cause": "BLS",
        "stage": "refused",
        "last_day": None,
    }
    assert (told["notices"], again["messages"]) == ([notice], [])
    [mail] = [one for one in server.mails if "not accepted" in str(one["Subject"])]
    assert str(mail["Reply-To"]) == "kim@site.example, lee@site.example"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr] # it has one
    assert all(said in text for said in (WHY, "Both sides.", "31 March 2026"))


def test_the_outbox_shows_it_under_its_kind(waiting: Program) -> None:
    """To programs by its name, to people in words; one person can be told at once."""
    reject(waiting)
    waiting.ok("remind", "--employee", "1001")
    assert "everything was said already" in waiting.ok("remind", "--employee", "1001").out
    shown = waiting.ok("mail", "outbox", "--format", "json").json
    [one] = [one for one in shown if one["kind"] == "card_rejected"]
    assert (one["employee_id"], one["state"], one["tries"]) == ("1001", "sent", 1)
    assert one["message_id"].startswith("<card-rejected.20260115.")
    assert "answer to a refused card" in waiting.ok("mail", "outbox").out


def test_a_dry_run_shows_what_is_owed_and_sends_nothing(waiting: Program) -> None:
    """In a table as well."""
    reject(waiting)
    assert "BLS not accepted" in waiting.ok("remind", "--dry-run").out
    assert mailbox(waiting) == []


@pytest.mark.parametrize(("employee_id", "name"), [("1003", "Cyd Cole"), ("1006", "Fay Fox")])
def test_who_has_no_address_is_named_and_has_to_be_told_otherwise(
    hospital: Program, employee_id: str, name: str
) -> None:
    """The refusal holds all the same. That Fay is on leave as well is not what the educator has to know first."""
    hand_in(hospital, employee_id, "e.pdf", name)
    done = hospital.ok("evidence", "refuse", employee_id, "1", "--why", WHY)
    assert "is refused" in done.out
    assert f"{employee_id} has no mail address on record, so no mail goes: tell them in another way" in done.err


def test_whose_mail_comes_back_has_to_be_told_otherwise(waiting: Program) -> None:
    """The server refused the address when the first mail was sent: nothing more goes there, and the screen says so."""
    undo = ("evidence", "refuse-undo", "1001", "1", "--why", "the wrong one")
    with MailServer(refused={"ada@site.example": "550 5.1.1 no such user"}) as server:
        waiting.ok("mail", "enable", **smtp(server))
        reject(waiting, **smtp(server))
        run = json_of(waiting("remind", "--employee", "1001", "--format", "json", **smtp(server)))
        assert sorted(one["state"] for one in run["messages"]) == ["failed", "withdrawn"]
        assert by_kind(run)["card_rejected"]
        waiting.ok(*undo, **smtp(server))
        assert "as it comes back: tell them in another way" in reject(waiting, **smtp(server)).err
    assert server.mails == []


def test_while_mail_is_held_the_screen_says_so(waiting: Program) -> None:
    """And names the command that lets it go."""
    with MailServer() as server:
        assert "tracker mail enable" in reject(waiting, **smtp(server)).err
        assert json_of(waiting("remind", "--format", "json", **smtp(server)))["messages"] == []
    assert server.mails == []


def test_the_list_shows_what_was_refused(waiting: Program) -> None:
    """When, by whom, and why; what was not refused has none of it."""
    waiting.ok("evidence", "add", "1001", waiting.file("card.jpg", b"\xff\xd8\xff"))
    reject(waiting)
    first, second = waiting.ok("evidence", "list", "1001", "--format", "json").json
    assert (first["refused_on"], first["reason"], first["instead"]) == ("2026-01-15", WHY, None)
    assert first["refused_by"] == first["actor"]
    assert second["refused_on"] is None
    assert "refused on 2026-01-15" in waiting.ok("evidence", "list", "1001").out


def test_the_same_file_again_is_named_as_refused(waiting: Program) -> None:
    """Its card can be recorded still; it silences nothing."""
    reject(waiting)
    done = waiting.ok("evidence", "add", "1001", waiting.home / "e.pdf")
    assert f"refused on 2026-01-15 ({WHY})" in done.err
    assert "waits to be checked" not in done.out


def test_a_refusal_can_be_taken_back(waiting: Program) -> None:
    """What was not told is not told; of what was, the screen says so."""
    undo = ("evidence", "refuse-undo", "1001", "1", "--why", "the wrong one")
    reject(waiting)
    assert "waits to be checked again" in waiting.ok(*undo).out
    run = json_of(waiting("remind", "--format", "json"))
    assert "card_rejected" not in by_kind(run)
    reject(waiting)
    waiting.ok("remind", "--employee", "1001")
    assert "tell 1001 that it was a mistake" in waiting.ok(*undo).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("refuse", "1001", "7", "--why", WHY), "no evidence 7"),
        (("refuse", "01001", "1", "--why", WHY), "exactly"),
        (("refuse", "1001", "1", "--why", " "), "--why"),
        (("refuse", "1001", "1", "--why", WHY, "--instead", " "), "--instead"),
        (("refuse", "1001", "2", "--why", WHY), "does not wait"),
        (("refuse-undo", "1001", "1", "--why", WHY), "was not refused"),
    ],
)
def test_what_cannot_be_refused_is_one_sentence_and_changes_nothing(
    waiting: Program, words: tuple[str, ...], said: str
) -> None:
    """A picture waits for nothing, as its type is not known."""
    waiting.ok("evidence", "add", "1001", waiting.file("card.jpg", b"\xff\xd8\xff"))
    before = waiting.content()
    refused(waiting("evidence", *words), 2, said)
    assert waiting.content() == before
