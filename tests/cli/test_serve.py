"""The real web server: it tells its address, answers there, and ends in good order."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from cli.program import Program, refused


@contextmanager
def serving(program: Program, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and what it said before it answers."""
    process = subprocess.Popen(
        program.command("serve", *words),
        cwd=program.home,
        env=program.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        assert process.stdout
        while "stop with" not in said:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            said += line
        yield process, said
    finally:
        process.kill()
        process.communicate()


def fetched(address: str) -> str:
    """The page at an address."""
    assert address.startswith("http://127.0.0.1:")
    with urlopen(address, timeout=20) as answer:  # noqa: S310 the line above says where
        return str(answer.read().decode())


@pytest.mark.parametrize("jobs", ["--jobs", "--no-jobs"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(hospital: Program, jobs: str, ending: signal.Signals) -> None:
    """The link for the first administrator opens at the address that was printed, whichever port was free."""
    with serving(hospital, "--port", "0", jobs) as (process, said):
        link, first = re.findall(r"http://\S+", said)
        assert "Make the first administrator" in fetched(link)
        assert "Sign in" in fetched(first.rstrip(";"))
        process.send_signal(ending)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert ("plan_reminders" in err) is (jobs == "--jobs")


def test_a_port_in_use_is_told_in_a_sentence(hospital: Program) -> None:
    """With what to do, and before a link is printed that leads nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused(hospital("serve", "--port", str(taken.getsockname()[1])), 3, "in use", "--port")
    refused(hospital("serve", "--host", "no.such.host.invalid"), 3, "no.such.host.invalid")
