"""Errors as one sentence and an exit code."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

IN_PART = 1
NOT_DONE = 2
FAILED = 3


def guarded(command: Callable[..., Any]) -> None:
    """Runs a command and ends the program with its exit code; nobody ever sees a traceback."""
    from tracker.domain.errors import BadInput, TrackerError

    # Whatever is written is about people: the database, rejected rows, reports are for their owner's eyes.
    os.umask(0o077)
    try:
        code = command(standalone_mode=False)
    except click.exceptions.Exit as ending:
        code = ending.exit_code
    except click.Abort:
        code = _say("Stopped; what was not finished was not kept.", 130)
    except click.UsageError as error:
        error.show()
        code = NOT_DONE
    except click.ClickException as error:
        code = _say(error.format_message(), NOT_DONE)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`tracker status | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except TrackerError as error:
        code = _say(str(error), NOT_DONE if isinstance(error, BadInput) else FAILED)
    except OSError as error:
        code = _say(f"The system refused: {error.strerror or error}{_file(error)}.", FAILED)
    except MemoryError:
        code = _say("The machine has not enough memory for this; free some and try again.", FAILED)
    except Exception as error:
        if os.environ.get("TRACKER_DEBUG"):
            raise
        where = type(error).__name__
        code = _say(
            f"Something failed that should not ({where}); set TRACKER_DEBUG=1 to see where, and report it.", FAILED
        )
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str, code: int) -> int:
    click.echo(f"tracker: {sentence}", err=True)
    return code


def _file(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""
