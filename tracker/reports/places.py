"""Where the reports' templates are, and from what one is typeset: a folder of its own, and two files in it."""

from pathlib import Path

PREFIX = "tracker-report-"
SOURCE, DATA = "document.typ", "data.json"


def templates_folder(package: Path) -> Path:
    """Where the reports' templates are: inside the installed package, or beside it in a checkout."""
    installed = package / "templates" / "report"
    return installed if installed.is_dir() else package.parent / "templates" / "report"
