"""What a report is typeset from: a folder of its own, and two files in it."""

PREFIX = "tracker-report-"
SOURCE, DATA = "document.typ", "data.json"
