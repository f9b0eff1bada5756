"""What the command does with input that it cannot use: one sentence that says what to do, and nothing half-done."""

import pytest

from cli.program import POLICY, ROSTER, Program, refused

CYCLE = POLICY.replace('title = "Basic Life Support"', 'title = "Basic Life Support"\nrequires = ["ACLS"]')
UNKNOWN_KEY = POLICY.replace("within_days = 30\ngrace", "within_dayz = 30\ngrace")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("status", "--as-of", "2026-02-30"), ("--as-of", "2026-02-30", "2026-01-31")),
        (("forecast", "--from", "soon"), ("--from", "soon", "2026-01-31")),
        (("card", "record", "1001", "--type", "BLS", "--issued-on", "02/03/2026"), ("--issued-on", "2026-01-31")),
        (("card", "record", "1001", "--type", "BLS", "--expires-on", "2026-13"), ("2026-13", "--expires-on")),
        (("status", "--known-at", "yesterday"), ("yesterday", "2026-05-03T14:00")),
        (("status", "--unit", "Nowhere"), ("Nowhere", "ICU")),
        (("status", "--unit", "IUC"), ("IUC", "write ICU if you mean that")),
        (("forecast", "--unit", "Nowhere"), ("Nowhere", "ICU")),
        (("report", "compliance", "--unit", "Nowhere"), ("Nowhere", "ICU")),
        (("explain", "01001"), ("01001", "exactly")),
        (("status", "--employee", "01001"), ("01001", "exactly")),
        (("status", "--requirement", "blz"), ("blz", "icu-acls")),
        (("card", "record", "01001", "--type", "BLS", "--issued-on", "2026-01-02"), ("01001", "exactly")),
        (("card", "retract", "1001", "99", "--why", "mine"), ("99", "1 (BLS)")),
        (("card", "verify", "1001", "99", "--answer", "confirmed"), ("99", "1 (BLS)")),
        (("card", "record", "1001", "--type", "BLS"), ("issue date",)),
        (("card", "record", "1001", "--type", "BLS", "--issued-on", "2026-02-02"), ("--accept-future",)),
        (("policy", "apply", "nowhere.toml"), ("nowhere.toml", "us-hospital")),
        (("policy", "show", "nowhere"), ("nowhere", "us-hospital")),
    ],
    ids=" ".join,
)
def test_what_does_not_exist_or_cannot_be_read_is_named(
    asked: Program, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    """A mistyped day, unit, person, requirement, card or policy: exit 2, how to write it or what there is."""
    before = asked.content()
    refused(asked(*words), 2, *said)
    assert asked.content() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("card", "record", "1009", "--type", " ", "--issued-on", "2026-01-02"), "--type"),
        (("card", "retract", "1001", "1", "--why", " "), "--why"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_a_blank_where_a_word_is_needed(hospital: Program, words: tuple[str, ...], said: str) -> None:
    """Exit 2; the option is named; nothing is recorded or retracted."""
    before = hospital.content()
    refused(hospital(*words), 2, said)
    assert hospital.content() == before


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--known-at", "9999-12-31T23:59"),
        ("status", "--as-of", "0001-01-01"),
        ("forecast", "--from", "9999-12-01", "--months", "120"),
        ("import-undo", "9" * 20),
        ("card", "retract", "1001", "9" * 20, "--why", "none"),
    ],
    ids=" ".join,
)
def test_the_ends_of_the_calendar_and_huge_numbers(asked: Program, words: tuple[str, ...]) -> None:
    """They are answered or refused like any other value, never a failure of the program."""
    done = asked(*words)
    assert done.code in {0, 2}, done.err


@pytest.mark.parametrize("command", ["check", "apply", "diff"])
@pytest.mark.parametrize(
    ("text", "said"), [(CYCLE, "BLS → ACLS"), (UNKNOWN_KEY, "within_dayz"), ("name =", "TOML"), (b"\xff\xfe", "UTF-8")]
)
def test_a_policy_that_cannot_be_used_is_refused_whole(
    hospital: Program, command: str, text: str | bytes, said: str
) -> None:
    """Exit 2; the place is named; the policy in force stays."""
    before = hospital.content()
    refused(hospital("policy", command, hospital.file("bad.toml", text)), 2, said)
    assert hospital.content() == before


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("forecast",),
        ("explain", "1001"),
        ("report", "compliance"),
        ("import", "roster.csv"),
        ("policy", "show"),
        ("card", "record", "1001", "--type", "BLS", "--issued-on", "2026-01-02"),
        ("status", "--known-at", "2020-01-01"),
    ],
    ids=" ".join,
)
def test_without_a_policy_the_sentence_names_policy_apply(program: Program, words: tuple[str, ...]) -> None:
    """Whatever needs a policy and finds none says what to run."""
    program.file("roster.csv", ROSTER)
    refused(program(*words), 2, "tracker policy apply")


BAD_FILES = {
    "empty.csv": b"",
    "blank.csv": b"\n\n  \n",
    "garbage.csv": bytes(range(256)) * 20,
    "garbage.xlsx": bytes(range(256)) * 20,
    "broken.xlsx": b"PK\x03\x04" + bytes(range(256)),
    "page.csv": b"<!DOCTYPE html><html><table></table></html>",
    "letter.pdf": b"%PDF-1.7",
    "nothing-known.csv": b"a,b\n1,2\n",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_table_of_ours(hospital: Program, name: str) -> None:
    """Exit 2; one sentence that names the file once and says what to do; nothing is changed or left behind."""
    before = hospital.content()
    done = hospital("import", hospital.file(name, BAD_FILES[name]))
    assert done.code == 2
    assert done.sentence.count(name) == 1
    assert hospital.content() == before
    assert not (hospital.data / "rejects").exists()


@pytest.mark.parametrize(("name", "said"), [("absent.csv", "no such"), ("absent.pdf", "no such"), ("folder", "folder")])
def test_a_file_that_is_not_there(hospital: Program, name: str, said: str) -> None:
    """Exit 2, and the sentence says that it is not there, or is a folder, whatever its name ends in."""
    (hospital.home / "folder").mkdir()
    done = hospital("import", hospital.home / name)
    assert done.code == 2
    assert said in done.sentence.lower()
    assert "spreadsheet" not in done.sentence


def test_a_file_of_nothing_but_bad_input_prints_no_empty_table(hospital: Program) -> None:
    """Where no file was understood there is no result to print."""
    assert hospital("import", hospital.file("empty.csv", "")).out == ""


SETTINGS_FILES = {
    'nonsense = "x"\n': "nonsense",
    'data-dir = "x"\n': "data-dir",
    "today = 'tomorrow'\n": "today",
    "data_dir = [\n": "tracker.toml",
    "data_dir = 5\n": "data_dir",
}


@pytest.mark.parametrize("text", SETTINGS_FILES)
def test_a_settings_file_with_something_wrong(program: Program, text: str) -> None:
    """Exit 2; the name is given as it stands in the file, without the words of a library."""
    program.file("tracker.toml", text)
    del program.environment["TRACKER_DATA_DIR"], program.environment["TRACKER_TODAY"]
    done = program("settings")
    refused(done, 2, "tracker.toml")
    assert SETTINGS_FILES[text] in done.sentence.lower()
    for word in ("input", "pathlib", "permitted"):
        assert word not in done.sentence


def test_a_setting_that_is_none(program: Program) -> None:
    """TRACKER_TODAY that is no day: exit 2, naming the setting and how it is written."""
    refused(program("status", TRACKER_TODAY="tomorrow"), 2, "TRACKER_TODAY", "2026-01-31")
