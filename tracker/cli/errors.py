"""Errors as one sentence and an exit code."""

import os
import sys
from io import TextIOWrapper

import click

IN_PART = 1
NOT_DONE = 2
FAILED = 3


class SeenEnoughError(Exception):
    """Whoever read the output went away. Click would end the program for it as if something were wrong."""


def guarded(command: click.Command) -> None:
    """Runs a command and ends the program with its exit code; nobody ever sees a traceback."""
    # Whatever is written is about people: the database, rejected rows, reports are for their owner's eyes.
    os.umask(0o077)
    # Programs are promised UTF-8, and a name that a terminal cannot show must not end the program.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = command(standalone_mode=False, prog_name="tracker")
        sys.stdout.flush()
    except (BrokenPipeError, SeenEnoughError):
        # Whoever read the output has seen enough (`tracker status | head`): nothing is wrong.
        _forget_output()
        code = 0
    except Exception as error:  # noqa: BLE001 the last line of defence: a sentence instead of a traceback
        code = _told(error)
    sys.exit(code if isinstance(code, int) else 0)


def _told(error: Exception) -> int:
    """Says what went wrong in one sentence; returns the exit code for it."""
    from tracker.domain.errors import BadInput, NotPossible, TrackerError

    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return NOT_DONE
        case click.Abort():
            return _say("Stopped; what was not finished was not kept.", FAILED)
        case click.ClickException():
            path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "tracker"
            return _say(f"{error.format_message().rstrip('.')}; '{path} --help' explains.", NOT_DONE)
        case NotPossible():
            return _say(error.in_full, FAILED)
        case TrackerError():
            return _say(str(error), NOT_DONE if isinstance(error, BadInput) else FAILED)
        case OSError():
            _forget_output()
            named = f" ({error.filename})" if error.filename else ""
            reason = error.strerror or type(error).__name__
            return _say(f"The system refused: {reason}{named}; make room or choose another place.", FAILED)
        case MemoryError():
            return _say("The machine has not enough memory for this; free some and try again.", FAILED)
    if os.environ.get("TRACKER_DEBUG"):
        raise error
    where = type(error).__name__
    return _say(f"Something failed that should not ({where}); set TRACKER_DEBUG=1 to see where, and report it.", FAILED)


def _forget_output() -> None:
    """Lets what could not be written go, so that the interpreter does not try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _say(sentence: str, code: int) -> int:
    click.echo(f"tracker: {sentence}", err=True)
    return code
