"""What can go wrong, as sentences that say what to do."""


class TrackerError(Exception):
    """The root of every error that a person is meant to read.

    `code` is stable, for programs; the message is one sentence that says what to do.
    """

    code = "error"


class BadInput(TrackerError):
    """What was given cannot be used; nothing was changed."""

    code = "bad-input"


def unknown_person(employee_id: str) -> BadInput:
    """The error about an employee id by which nobody is known."""
    return BadInput(
        f"Nobody with the employee id {employee_id} is known; ids are compared exactly (004512 is not 4512)."
    )


def renamed_person(employee_id: str, now: str) -> BadInput:
    """The error about an employee id that somebody had before."""
    return BadInput(f"{employee_id} is {now} now; use that employee id.")


class NotPossible(TrackerError):
    """The program, or something that it needs, cannot do it now.

    `where` is a file or server, for whoever keeps the machine: the message is shown to anybody, and names none.
    """

    code = "not-possible"

    def __init__(self, said: str, where: object = "") -> None:
        self.where = str(where)
        super().__init__(said)

    @property
    def in_full(self) -> str:
        """The sentence with the file or server, for whoever keeps the machine."""
        return f"{str(self).rstrip('.')} ({self.where})." if self.where else str(self)


class Busy(NotPossible):
    """Somebody else is writing for longer than one would wait."""


class PolicyError(BadInput):
    """A policy is refused whole. `problems` name each place and what is wrong there."""

    code = "bad-policy"

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The policy is refused: " + "; ".join(problems) + ".")
