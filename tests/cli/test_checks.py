"""`tracker card verify`: what to check, one answer, a file of answers."""

import pytest

from cli.program import POLICY, Program, refused

PAGE = "https://example.org/check"
CHECKED = POLICY.replace('id = "AHA"\n\n', f'id = "AHA"\nnumber_pattern = "[0-9]{{12}}"\ncheck_at = "{PAGE}"\n\n', 1)


@pytest.fixture
def checking(hospital: Program) -> Program:
    """The small hospital, whose policy says where to check cards of the AHA."""
    hospital.ok("policy", "apply", hospital.file("checked.toml", CHECKED), "--effective", "2026-01-01")
    return hospital


def test_numbers_come_in_a_form_to_paste_with_the_page(checking: Program) -> None:
    """1001's BLS; not her ACLS, which was confirmed; those without a number stand apart, those that ended do not."""
    said = checking.ok("card", "verify", "--list").out
    assert f"AHA: 1 number to check at {PAGE}\n\nAHA, batch 1 of 1:\n240310001001\n\n" in said
    assert "It has no number." in said
    found = checking.ok("card", "verify", "--list", "--format", "json").json
    [issuer] = found["issuers"]
    assert issuer == {
        "issuer": "AHA",
        "check_at": PAGE,
        "batches": [[{"number": "240310001001", "employee_id": "1001", "card": 1}]],
    }
    assert [one["employee_id"] for one in found["apart"]] == ["1004", "1008", "1010"]


def test_a_unit_is_listed_alone(checking: Program) -> None:
    assert "240310001001" in checking.ok("card", "verify", "--list", "--unit", "icu").out
    assert "240310001001" not in checking.ok("card", "verify", "--list", "--unit", "ED").out
    refused(checking("card", "verify", "--list", "--unit", "Nowhere"), 2, "Nowhere", "ICU")


def test_what_was_answered_is_not_listed_again(checking: Program) -> None:
    """Answered one by one, as ever, or from a file; rejected rows are named and make it exit 1."""
    path = checking.file("answers.csv", "number,answer,checked_on\n240310001001,Valid,2026-01-14\n9,Valid,2026-01-14\n")
    done = checking("card", "verify", "--from-file", path)
    assert done.code == 1
    assert "3    number  No card of this number is on record." in done.out
    assert "Answers: 1 recorded, 0 known already, 1 rejected." in done.out
    assert "240310001001" not in checking.ok("card", "verify", "--list").out
    again = checking("card", "verify", "--from-file", path, "--format", "json").json
    assert (again["recorded"], again["unchanged"], [one["row"] for one in again["rejected"]]) == (0, 1, [3])
    assert checking.ok("card", "verify", "1008", "5", "--answer", "confirmed").out == "Card 5 (BLS): confirmed.\n"


def test_without_a_page_in_the_policy_it_says_where_one_goes(asked: Program) -> None:
    assert "check_at" in asked.ok("card", "verify", "--list").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "EMPLOYEE_ID"),
        (("1001",), "CARD"),
        (("1001", "1"), "--answer"),
        (("1001", "1", "--answer", "maybe"), "confirmed"),
        (("--list", "1001"), "--list goes with"),
        (("--list", "--answer", "confirmed"), "--list goes with"),
        (("--list", "--from-file", "answers.csv"), "--list goes with"),
        (("--from-file", "answers.csv", "--unit", "ICU"), "--from-file with"),
        (("1001", "1", "--answer", "confirmed", "--unit", "ICU"), "--list goes with"),
        (("--from-file", "absent.csv"), "absent.csv"),
        (("--from-file", "."), "folder"),
        (("--from-file", "book.xlsx"), ".csv"),
        (("--from-file", "other.csv"), "answer, and number"),
        (("--from-file", "twice.csv"), "two columns"),
        (("--from-file", "empty.csv"), "empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_meant_is_one_sentence(asked: Program, words: tuple[str, ...], said: str) -> None:
    """Exit 2, and nothing is changed."""
    asked.file("answers.csv", "number,answer\n")
    asked.file("other.csv", "name,colour\nAda,red\n")
    asked.file("twice.csv", "number,code,answer\n1,1,valid\n")
    asked.file("empty.csv", "")
    asked.file("book.xlsx", b"PK\x03\x04")
    before = asked.content()
    refused(asked("card", "verify", *words), 2, said)
    assert asked.content() == before
