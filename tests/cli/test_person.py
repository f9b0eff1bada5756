"""`tracker person`, and imports of files without employee ids, as people type them."""

import pytest

from cli.program import TODAY, Program, refused


def standings(program: Program, employee_id: str, *more: str) -> list[tuple[str, str]]:
    """Where somebody stands."""
    found = program.ok("status", "--employee", employee_id, "--format", "json", *more).json
    return sorted((one["requirement"], one["standing"]) for one in found)


def test_somebody_gets_another_id_and_back(hospital: Program) -> None:
    """The same standings under the new id; the old one says whose it is now; the trail holds."""
    before = standings(hospital, "1001")
    done = hospital.ok("person", "rename-id", "1001", "A-1001", "--why", "new payroll")
    assert "tracker person undo 3" in done.out
    assert standings(hospital, "A-1001") == before
    refused(hospital("status", "--employee", "1001"), 2, "1001 is A-1001 now")
    refused(hospital("card", "retract", "1001", "1", "--why", "slip"), 2, "1001 is A-1001 now")
    assert "facts would be retracted" in hospital.ok("person", "undo", "3", "--dry-run").out
    hospital.ok("person", "undo", "3", "--why", "wrong person")
    assert standings(hospital, "1001") == before
    hospital.ok("audit", "verify")
    hospital.ok("db", "check", "--sample", "0")


def test_the_past_answers_by_the_id_of_then(hospital: Program) -> None:
    hospital.ok("person", "rename-id", "1001", "A-1001", "--why", "new payroll")
    log = hospital.ok("audit", "log", "--format", "json").json
    then = next(entry["at"] for entry in log if entry["action"] == "import")
    for asked in ("1001", "A-1001"):
        found = hospital.ok("status", "--employee", asked, "--known-at", then, "--format", "json").json
        assert {one["employee_id"] for one in found} == {"1001"}


def test_two_records_become_one_and_two_again(hospital: Program) -> None:
    """A dry run says the same and changes nothing; later changes that build on it are listed."""
    before = hospital.content()
    dry = hospital.ok("person", "merge", "1003", "1008", "--why", "rehired", "--dry-run")
    assert hospital.content() == before
    assert "nothing was changed" in dry.out
    done = hospital.ok("person", "merge", "1003", "1008", "--why", "rehired")
    assert done.out.splitlines()[:-1] == dry.out.splitlines()[:-1]
    assert "Note: the two records have clearly different names" in done.out
    assert "Cole" not in done.out
    hospital.ok("card", "verify", "1008", "3", "--answer", "confirmed", "--on", TODAY)
    refused(hospital("person", "undo", "3"), 2, "card-verify card:3", "undo those first")
    refused(hospital("status", "--employee", "1003"), 2, "1003 is 1008 now")
    hospital.ok("audit", "verify")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rename-id", "1001", "1002", "--why", "x"), "tracker person merge 1001 1002"),
        (("rename-id", "9999", "1", "--why", "x"), "Nobody with the employee id 9999"),
        (("rename-id", "1001", " ", "--why", "x"), "NEW is blank"),
        (("rename-id", "1001", "1", "--why", " "), "--why is blank"),
        (("merge", "1001", "1001", "--why", "x"), "one record already"),
        (("undo", "2"), "renamed or merged nobody"),
    ],
)
def test_what_cannot_be_meant_is_refused(hospital: Program, words: tuple[str, ...], said: str) -> None:
    before = hospital.content()
    refused(hospital("person", *words), 2, said)
    assert hospital.content() == before


def test_a_list_without_ids_finds_its_people_or_asks(hospital: Program) -> None:
    """By e-mail and by name in the unit; the answers file settles the rest, and the same file again is quiet."""
    lines = ["ada@site.example,,,BLS,2026-01-05", ",Cyd Cole,ED,BLS,2026-01-06", ',"Ed ""Bo"" Ito",ED,BLS,2026-01-07']
    file = hospital.file("c.csv", "Email,Name,Unit,type,issued_on\n" + "".join(f"{line}\n" for line in lines))
    before = hospital.content()
    asked = hospital("import", file)
    assert asked.code == 2
    assert hospital.content() == before
    key = r'"who:Ed \"Bo\" Ito:ED"'
    assert f'{key} = "..."' in asked.err
    answers = hospital.file("answers.toml", f'{key} = "1009"\n')
    found = hospital.ok("import", file, "--answers", answers, "--format", "json").json
    assert (found["new"], found["questions"]) == (3, [])
    assert hospital.ok("import", file, "--answers", answers, "--format", "json").json["unchanged"] == 3
    assert standings(hospital, "1009") == [("bls", "current")]


def test_a_former_id_in_a_file_is_asked_about(hospital: Program) -> None:
    hospital.ok("person", "rename-id", "1003", "A-1003", "--why", "new payroll")
    file = hospital.file("c.csv", "employee_id,type,issued_on\n1003,BLS,2026-01-05\n")
    asked = hospital("import", file, "--format", "json")
    assert (asked.code, [one["id"] for one in asked.json["questions"]]) == (2, ["former:1003"])
    hospital.ok("import", file, "--answers", hospital.file("answers.toml", '"former:1003" = "same"\n'))
    assert standings(hospital, "A-1003") == [("bls", "current")]
