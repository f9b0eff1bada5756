"""The rows of a file that come back, as they, or cells of them, did not go in."""

from tracker.actions.imports.result import ImportResult
from tracker.intake.rejects import Reasons
from tracker.intake.rows import Reading


def reasons(reading: Reading, result: ImportResult) -> Reasons:
    """Why rows of a file, or cells of them, did not go in; none of a file that stayed out whole."""
    found: Reasons = {}
    out = {file for file, _ in (*result.refused, *result.questions)}
    for note in result.rows if reading.file not in out else ():
        if note.file == reading.file and note.outcome == "rejected" and note.row is not None:
            place = note.sheet, note.row
            before = found.get(place)
            if before is None:
                found[place] = note.reason
            elif note.reason not in before:
                found[place] = f"{before} {note.reason}"
    return found
