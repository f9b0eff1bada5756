"""What CLI.md promises to scripts: exit codes, keys, streams, settings. Imports have a file of their own."""

import json
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from cli.program import POLICY, TODAY, Program, refused
from tracker.cli.main import cli

STATUS_KEYS = set(
    "employee_id name unit role requirement standing since until due_by days_left expiring cards why".split()
)
REPORT_KEYS = {"as_of", "known_at", "policy", "units", "requirements", "unmatched", "exceptions"}
STRICTER = POLICY.replace("grace_after_expiry_days = 10", "grace_after_expiry_days = 0")


def standing(program: Program, employee_id: str, requirement: str = "bls", *more: str) -> dict[str, Any]:
    """One person's standing with one requirement."""
    words = ("status", "--employee", employee_id, "--requirement", requirement, "--format", "json", *more)
    (found,) = program.ok(*words).json
    return dict(found)


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that name it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


def test_every_command_explains_itself_with_an_example() -> None:
    """`tracker COMMAND --help` shows at least one way to use it that begins with the command itself."""
    for name, command in commands():
        shown = command.get_help(click.Context(command, info_name=f"tracker {name}"))
        assert f"Example: tracker {name}" in " ".join(shown.split()), name


@pytest.fixture(scope="module")
def standings(asked: Program) -> dict[tuple[str, str], dict[str, Any]]:
    """All standings of today, by employee id and requirement."""
    return {(row["employee_id"], row["requirement"]): row for row in asked.ok("status", "--format", "json").json}


def test_status_has_the_keys_promised(standings: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Every row has every key, and whom no requirement matches has no row."""
    assert len(standings) == 10
    assert all(row.keys() >= STATUS_KEYS for row in standings.values())
    assert "1007" not in {employee_id for employee_id, _ in standings}


def test_status_shows_unit_and_role_as_recorded(standings: dict[tuple[str, str], dict[str, Any]]) -> None:
    """The roster's own words, not the policy's: a nurse looks for what her badge says."""
    assert standings["1001", "icu-acls"]["role"] == "RN II"
    assert standings["1008", "bls"]["role"] == "Registered Nurse"
    assert standings["1001", "bls"]["unit"] == "ICU"
    assert standings["1001", "bls"]["name"] == "Ada Zoë Ali"


@pytest.mark.parametrize(
    ("who", "expected", "until", "days_left", "due_by"),
    [
        ("1001", "current", "2026-03-31", 75, None),
        ("1002", "pending", "2026-01-31", 16, "2026-01-31"),
        ("1003", "expired", None, None, None),
        ("1004", "current", "2026-02-10", 26, None),
        ("1005", "exempt", "2026-01-31", 16, None),
        ("1006", "on_leave", None, None, None),
        ("1009", "missing", None, None, None),
    ],
)
def test_until_days_left_and_due_by(
    standings: dict[tuple[str, str], dict[str, Any]],
    who: str,
    expected: str,
    until: str | None,
    days_left: int | None,
    due_by: str | None,
) -> None:
    """`until` is the segment's last day; `days_left` only where time runs out; `due_by` only for newcomers."""
    row = standings[who, "bls"]
    found = row["standing"], row["until"], row["days_left"], row["due_by"]
    assert found == (expected, until, days_left, due_by)


def test_grace_counts_its_days(asked: Program) -> None:
    """Within the grace after a card's end `days_left` goes to the last day of grace, which is included."""
    row = standing(asked, "1003", "bls", "--as-of", "2026-01-05")
    assert (row["standing"], row["until"], row["days_left"]) == ("grace", "2026-01-10", 5)


@pytest.mark.parametrize(("day", "expiring"), [("2026-01-29", False), ("2026-01-30", True), ("2026-04-30", True)])
def test_expiring_begins_ninety_days_before_the_last_day(asked: Program, day: str, expiring: bool) -> None:
    """`expiring` is true from 90 days before the last day in compliance, that day included, to that day."""
    row = standing(asked, "1010", "bls", "--as-of", day)
    assert (row["standing"], row["expiring"]) == ("current", expiring)


def test_expiring_looks_at_what_ends_compliance(standings: dict[tuple[str, str], dict[str, Any]]) -> None:
    """A prerequisite that ends makes a card expire with it; leaving first does not; only `current` expires."""
    assert standings["1001", "icu-acls"]["expiring"]
    assert standings["1001", "icu-acls"]["until"] == "2026-03-31"
    assert not standings["1004", "bls"]["expiring"]
    assert not any(row["expiring"] for row in standings.values() if row["standing"] != "current")


def test_status_names_the_cards_and_why(standings: dict[tuple[str, str], dict[str, Any]]) -> None:
    """The why is in sentences and the cards are those that bear on the standing."""
    row = standings["1001", "icu-acls"]
    assert {card["type"] for card in row["cards"]} == {"BLS", "ACLS"}
    assert row["why"]
    assert all(reason.endswith(".") for reason in row["why"])


def test_status_as_csv_has_a_row_for_each_standing(asked: Program) -> None:
    """The same standings, in the order of the JSON, with the keys as header."""
    lines = asked.ok("status", "--unit", "icu", "--format", "csv").out.splitlines()
    assert set(lines[0].split(",")) >= STATUS_KEYS
    assert len(lines) == 3


def test_a_unit_is_found_in_any_case_and_limits_the_answer(asked: Program) -> None:
    """`--unit` takes the name as people type it."""
    rows = asked.ok("status", "--unit", "icu", "--format", "json").json
    assert {row["employee_id"] for row in rows} == {"1001"}


def test_tracker_today_replaces_today(asked: Program) -> None:
    """Without `--as-of` the day is TRACKER_TODAY."""
    later = asked.ok("status", "--format", "json", TRACKER_TODAY="2026-05-05").json
    assert later == asked.ok("status", "--format", "json", "--as-of", "2026-05-05").json
    assert {row["standing"] for row in later if row["employee_id"] == "1010"} == {"grace"}


def test_known_at_asks_what_the_records_said(hospital: Program) -> None:
    """A card recorded after the instant does not count, one recorded before it does, for a status and a report."""
    hospital.ok("card", "record", "1003", "--type", "BLS", "--issued-on", "2026-01-02")
    instant = datetime.now(UTC).isoformat()
    hospital.ok("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
    assert standing(hospital, "1009")["standing"] == "current"
    assert standing(hospital, "1009", "bls", "--known-at", instant)["standing"] == "missing"
    assert standing(hospital, "1003", "bls", "--known-at", instant)["standing"] == "current"
    report = hospital.ok("report", "compliance", "--known-at", instant).json
    assert report["known_at"] is not None
    assert [each["employee_id"] for each in report["exceptions"]] == ["1009"]


def test_forecast_counts_on_the_last_day_of_each_month(asked: Program) -> None:
    """One entry a month, unit, requirement and standing; cards that end in a month count until its last day."""
    found = asked.ok("forecast", "--from", "2026-03-15", "--months", "2", "--unit", "ICU", "--format", "json").json
    assert [tuple(one[key] for key in ("month", "requirement", "standing", "count")) for one in found] == [
        ("2026-03", "bls", "current", 1),
        ("2026-03", "icu-acls", "current", 1),
        ("2026-04", "bls", "expired", 1),
        ("2026-04", "icu-acls", "prerequisite_gap", 1),
    ]
    assert {one["unit"] for one in found} == {"ICU"}


def test_the_compliance_report(asked: Program) -> None:
    """Keys, counts and rates as promised; no rate where nobody counts; the unmatched are named."""
    report = asked.ok("report", "compliance").json
    assert report.keys() >= REPORT_KEYS
    assert (report["as_of"], report["known_at"], report["unmatched"]) == (TODAY, None, ["1007"])
    assert report["policy"].keys() >= {"name", "sha256"}
    ed, icu, office = report["units"]
    assert (ed["unit"], ed["people"], ed["counted"], ed["compliant"], ed["rate"]) == ("ED", 8, 5, 3, 3 / 5)
    assert (icu["unit"], icu["standings"]["current"], icu["rate"]) == ("ICU", 2, 1.0)
    assert (office["people"], office["counted"], office["rate"]) == (1, 0, None)
    requirements = {each["requirement"]: each for each in report["requirements"]}
    assert requirements["bls"]["rate"] == 4 / 6
    assert requirements["bls"].keys() >= {"requirement", "standings", "rate"}
    assert [each["employee_id"] for each in report["exceptions"]] == ["1003", "1009"]


def test_a_report_goes_to_a_file_and_only_the_message_to_the_screen(asked: Program, tmp_path: Path) -> None:
    """With `-o` standard output stays empty; the file has the same content and nobody else may read it."""
    target = tmp_path / "report.json"
    done = asked.ok("report", "compliance", "-o", target)
    assert done.out == ""
    assert str(target) in done.err
    assert json.loads(target.read_text("utf-8")) == asked.ok("report", "compliance").json
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("status", "--format", "json"),
        ("forecast", "--months", "2", "--format", "csv"),
        ("explain", "1001"),
        ("audit", "log", "--format", "json"),
        ("policy", "show"),
    ],
    ids=" ".join,
)
def test_results_go_to_standard_output_alone(asked: Program, words: tuple[str, ...]) -> None:
    """A successful question says nothing on standard error."""
    done = asked.cold(*words)
    assert done.code == 0
    assert done.out.strip()
    assert done.err == ""


def test_json_is_utf8_wherever_it_runs(asked: Program) -> None:
    """A name in another script comes through under the plainest locale."""
    assert "Ada Zoë Ali" in asked.cold("status", "--unit", "ICU", "--format", "json", LC_ALL="C", LANG="C").out


def test_explain_tells_where_somebody_stands_and_why(asked: Program) -> None:
    """The person, the standing in plain words, the cards and the timeline."""
    shown = asked.ok("explain", "1001").out
    assert "Ada Zoë Ali (1001) on 15 Jan 2026" in shown
    assert "icu-acls as RN II in ICU: current, 75 days left" in shown
    assert "240310001001" in shown
    assert "31 Mar 2026" in shown


def test_explain_takes_a_name_that_one_person_has(program: Program) -> None:
    """Of several, and of nobody, it says whom to choose from."""
    program.setup()
    assert program.ok("explain", "ali ada zoë").out == program.ok("explain", "1001").out
    refused(program("explain", "Ada Ali"), 2, "'Ada Ali', near is Ada Zoë Ali (1001)")
    program.ok("import", program.file("more.csv", "employee_id,name,unit,role\n2001,Cyd Cole,Office,Clerk\n"))
    refused(program("explain", "Cyd Cole"), 2, "'Cyd Cole' is the name of 1003 and 2001: give the ids instead")


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("roster", "employee_id,name,email,unit,role,employment_type,starts_on,ends_on,manager_email"),
        ("cards", "employee_id,type,issuer,issued_on,expires_on,number,verified_on"),
        ("absences", "employee_id,from,until"),
        ("exemptions", "employee_id,requirement,from,until,reason,approver"),
        ("units", "unit,facility,managers,director"),
    ],
)
def test_templates_have_the_canonical_headers(program: Program, kind: str, header: str) -> None:
    """A template is one line, the header, and needs no database."""
    assert program.ok("template", kind).out.splitlines() == [header]
    assert not program.data.exists()


def test_packs_are_listed_shown_and_valid(program: Program) -> None:
    """Each pack that ships is listed, prints as TOML, passes the check, and can be put in force by its name."""
    listed = program.ok("policy", "packs").out
    for pack in ("us-hospital", "uk-trust", "au-hospital"):
        assert pack in listed
        assert tomllib.loads(program.ok("policy", "show", pack).out)["name"]
        assert program.ok("policy", "check", pack).err == ""
    program.ok("policy", "apply", "uk-trust")
    assert program.ok("policy", "show").out == program.ok("policy", "show", "uk-trust").out


def test_a_check_warns_of_names_that_match_nobody(asked: Program) -> None:
    """A pattern that no unit or role matches is a warning on standard error; the policy can be used."""
    done = asked.ok("policy", "check", asked.file("typo.toml", POLICY.replace('"ICU*"', '"IUC*"')))
    assert "'test-hospital' can be used" in done.out
    assert "IUC*" in done.err


def test_a_diff_names_who_changes_from_what_to_what_and_when(hospital: Program) -> None:
    """Without grace people expire the day after their cards end; the diff itself changes nothing."""
    before = hospital.content()
    file = hospital.file("stricter.toml", STRICTER)
    found = {one["employee_id"]: one for one in hospital.ok("policy", "diff", file, "--format", "json").json}
    expected = {"requirement": "bls", "from": "grace", "to": "expired", "day": "2026-04-01"}
    assert found["1001"].items() >= expected.items()
    assert found.keys() == {"1001", "1008", "1010"}
    assert hospital.ok("policy", "diff", hospital.file("same.toml", POLICY)).out.startswith("Nobody")
    assert hospital.content() == before


def test_a_policy_holds_from_its_effective_day(hospital: Program) -> None:
    """The version before judges the days before; `policy show` prints the one in force today, byte for byte."""
    file = hospital.file("stricter.toml", STRICTER)
    hospital.ok("policy", "apply", file, "--effective", "2026-05-03")
    assert standing(hospital, "1010", "bls", "--as-of", "2026-05-02")["standing"] == "grace"
    assert standing(hospital, "1010", "bls", "--as-of", "2026-05-03")["standing"] == "expired"
    assert hospital.ok("policy", "show").out == POLICY
    assert hospital.ok("policy", "show", TRACKER_TODAY="2026-05-03").out == STRICTER


def test_a_card_is_recorded_checked_and_retracted(hospital: Program) -> None:
    """Each changes the standing at once, and the reason stands in the trail."""
    number = hospital.ok("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02").out.split()[1]
    assert standing(hospital, "1009")["until"] == "2028-01-31"
    hospital.ok("card", "verify", "1009", number, "--answer", "not_found")
    assert standing(hospital, "1009")["standing"] != "current"
    hospital.ok("card", "verify", "1009", number, "--answer", "confirmed")
    assert standing(hospital, "1009")["standing"] == "current"
    hospital.ok("card", "retract", "1009", number, "--why", "somebody else's")
    assert standing(hospital, "1009")["standing"] == "missing"
    entry = hospital.ok("audit", "log", "--limit", "1", "--format", "json").json[0]
    assert (entry["action"], entry["note"]) == ("card-retract", "somebody else's")


def test_the_trail_names_whose_record_was_changed(hospital: Program) -> None:
    """Who did what to which record: also for a card that is recorded by hand."""
    hospital.ok("card", "record", "1009", "--type", "BLS", "--issued-on", "2026-01-02")
    assert hospital.ok("audit", "log", "--limit", "1", "--format", "json").json[0]["subject"]


def test_a_check_that_fails_exits_with_1_and_a_rebuild_mends_it(hospital: Program) -> None:
    """`db check` names the people whose stored timelines are wrong and says what to do."""
    assert hospital.ok("db", "check", "--sample", "0").err == ""
    hospital.alter("UPDATE segments SET standing = 'current' WHERE standing = 'missing'")
    done = hospital("db", "check", "--sample", "0")
    assert done.code == 1
    assert "1009" in done.out
    assert "db upgrade --rebuild" in done.err
    hospital.ok("db", "upgrade", "--rebuild")
    hospital.ok("db", "check", "--sample", "0")


def test_a_trail_that_was_altered_exits_with_1(hospital: Program) -> None:
    """`audit verify` names the entry."""
    assert "2 entries hold" in hospital.ok("audit", "verify").out
    hospital.alter("UPDATE changes SET actor = 'nobody' WHERE seq = 2")
    done = hospital("audit", "verify")
    assert done.code == 1
    assert "ntry 2" in done.out


def test_settings_show_where_each_came_from_and_no_secret(program: Program) -> None:
    """The environment wins over `tracker.toml`; passwords and keys are masked, the rest of an address is shown."""
    program.file("tracker.toml", 'base_url = "https://file.example"\nmail_from = "file@site.example"\n')
    done = program.ok(
        "settings",
        TRACKER_MAIL_FROM="env@site.example",
        TRACKER_SECRET_KEY="sesame",
        TRACKER_MAIL_URL="smtp://bob:sesame@mail.example:587?tls=starttls",
        TRACKER_DATABASE_URL="postgresql+psycopg://ann:sesame@db.example/tracker",
    )
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "file.example" in lines["TRACKER_BASE_URL"]
    assert lines["TRACKER_BASE_URL"].endswith("tracker.toml")
    assert "env@site.example" in lines["TRACKER_MAIL_FROM"]
    assert lines["TRACKER_MAIL_FROM"].endswith("environment")
    assert "mail.example:587" in lines["TRACKER_MAIL_URL"]
    assert "sesame" not in done.out + done.err


@pytest.mark.parametrize(
    "address",
    ["//ann:ses@me@db.example/x", "//ann:a/sesame@db.example/x", "///x?user=ann&password=sesame", "//:sesame@db.site"],
)
def test_odd_passwords_are_masked_too(program: Program, address: str) -> None:
    """Whatever characters it holds and wherever it stands, a password is shown neither here nor in an error."""
    program.file("tracker.toml", f'database_url = "postgresql+psycopg:{address}"\n')
    shown = program.ok("settings").out + program("status").err
    assert "sesame" not in shown
    assert "ses@me" not in shown
    assert "me@db" not in shown


def test_settings_show_what_holds_where_nothing_is_set(program: Program) -> None:
    """A default is shown as what it comes to, so that nobody has to guess where the database and the mails are."""
    lines = {line.split()[0]: line for line in program.ok("settings").out.splitlines()}
    assert str(program.data / "tracker.db") in lines["TRACKER_DATABASE_URL"]
    assert "maildir:" in lines["TRACKER_MAIL_URL"]


def test_a_settings_file_is_read_in_the_current_folder(asked: Program, tmp_path: Path) -> None:
    """`tracker.toml` can name the data folder and the day."""
    other = Program(tmp_path, asked.forks)
    del other.environment["TRACKER_DATA_DIR"], other.environment["TRACKER_TODAY"]
    other.file("tracker.toml", f'data_dir = "{asked.data}"\ntoday = 2026-05-05\n')
    assert standing(other, "1010")["standing"] == "grace"


def test_a_new_database_is_set_up_on_first_use_even_by_many_at_once(program: Program) -> None:
    """Several first commands at the same time all work, and one set of tables results."""
    words = program.command("imports")
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(words, env=program.environment, cwd=program.home, stdout=pipe, stderr=pipe) for _ in range(4)
    ]
    ended = [(*each.communicate(timeout=60), each.returncode) for each in started]
    assert [(err, code) for _, err, code in ended] == [(b"", 0)] * 4


def test_bad_usage_exits_with_2_and_prints_no_result(asked: Program) -> None:
    """An unknown command, option or choice."""
    for words in (["nonsense"], ["status", "--nonsense"], ["template", "nonsense"], ["card", "record"]):
        done = asked.cold(*words)
        assert (done.code, done.out) == (2, "")
        assert "--help" in done.err
