"""What the program says, in the words of the pages: its sentences name commands and options that nobody has here.

A test reads every sentence of the program and fails where one would come through with such words.
"""

import re

# Who can do what only a command does.
_KEEPER = "whoever keeps the machine runs"

# What is said for the command line, as a pattern, and what is said here instead.
_SAID_THERE = (
    (r"; 'tracker [^']*' lists [^.]*\.", "."),
    (r", or --sample N", ", or say how many are drawn"),
    (r", or --no-evidence", ", or leave the evidence out"),
    (r"; choose --format html and print that", "; choose the page and print that"),
    (r"; see ('tracker evidence check')", rf"; {_KEEPER} \1"),
    (r", say so with --accept-future", ", tick that it is"),
    (r"use ('tracker person merge [^']*')", rf"{_KEEPER} \1"),
    (r"; see 'tracker card retract'", "; retract that first, on the person's page"),
    (r" with 'tracker evidence refuse-undo [^']*'", ", among what was refused"),
    (
        r"'tracker evidence retract [^']*' takes a file back that is on record by mistake",
        "a file that is on record by mistake is taken back on the person's page",
    ),
    (r"\b(?:run|start) ('tracker (?:db upgrade|scheduler|worker)')", rf"{_KEEPER} \1"),
    (r"; see ('tracker audit verify') and restore", rf"; {_KEEPER} \1 and restores"),
    (r"; run 'tracker policy packs'.*", "; apply one under Policy."),
    (r"; see 'tracker policy apply'", "; apply one under Policy"),
    (r"name one that 'tracker audit head' wrote", "choose one that was had from Trail"),
    (r"as 'tracker audit verify' prints them", "as the check of the trail shows them"),
    (r"; see 'tracker mail bounces'", "; see the addresses that came back, under Mail"),
    (r"; see 'tracker jobs', or run 'tracker remind'", "; see Jobs"),
    (r"; see 'tracker mail outbox'", "; see Mail"),
    (r"; see 'tracker mail enable'", "; enable it under Mail"),
    (r" \(--(?:on|date-order[^)]*)\)", ""),
    (
        r"If the id has changed, 'tracker person rename-id' puts the record right for good\.",
        "If the id has changed, ask an educator to change it on record.",
    ),
    (
        r"If the record lacks them, 'tracker person rename-id [^']*' puts it right for good\.",
        "If the record lacks them, ask an educator to put the id right there.",
    ),
    (r": 'tracker person rename-id [^']*'\.", "; ask an educator."),
    (r", take renamed or merged people back with 'tracker person undo'", ""),
    (r"With --whole-roster the files", "Where the roster is a whole one, the files"),
    (r"With --whole-roster nobody", "In a whole roster nobody"),
    (r"allow it with --allow-leavers \d+", "say so on the plan"),
    (r"leave that column out: --map 'Header=ignore'", "leave that column unread, in the step before"),
    (r"; to record it, answer \"[^\"]*\" = \"yes\" in an --answers file\.", "."),
    (r", say which in an --answers file: \"[^\"]*\" = \"\.\.\.\"", ", say which"),
    (r"name the columns with --map 'Header=field'", "say what each column is"),
    (r"name it with --map 'Header=field'", "say which it is"),
    (r"from a file that `tracker template` writes", "from one of the empty files"),
    (r"`tracker template (\w+)`", r"the empty file for \1"),
    (r"leave it out of --map", "leave it unread"),
    (r"say what they are with --map( '[^']*')?", "say what the column is"),
    (r"to read it, name it with --sheet", "to read it, show it in the spreadsheet first"),
    (r"name a hidden one with --sheet", "show a hidden one in the spreadsheet first"),
    (r"with --map '([^'=]*)=([^']*)'", r'by saying that "\1" is \2'),
    (r"--map '([^'=]*)=([^']*)'", r'say that "\1" is \2'),
    (r", a new unit \(new\), or shall its rows be left out \(skip\)\?", "?"),
    # Words of answers files: the pages have the choices below the question.
    (r": is the day first \(dmy\), the month \(mdy\) or the year\?", ": is the day first, the month or the year?"),
    (r" in the order dmy\b", " with the day first"),
    (r" in the order mdy\b", " with the month first"),
    (r" in the order ymd\b", " with the year first"),
    (r" \((?:moved|also|same|new|skip)\)", ""),
    (r" \"none\" leaves (?:them|it) out\.", ""),
    (
        r"Answer with the id that is meant, or new if this is somebody else\.",
        "Choose the id that is meant, or that it is somebody new.",
    ),
    (
        r"Answer with an employee id, or skip to leave the row out\.",
        "Choose one, type another, or leave the row out.",
    ),
    (
        r"Answer new only if all of them are other people; or answer for each: \"[^\"]*\" = \"[^\"]*\", or \"new\"\.",
        "Say that they are new only if all of them are other people.",
    ),
    (
        r"\"([^\"]*)\" is no answer to \"[^\"]*\": write the employee id of somebody on record, or skip\.",
        r'"\1" is no employee id of somebody on record: choose one, or leave the row out.',
    ),
    (
        r"\"[^\"]*\" is answered with ([^,]*), and it is open whose that is: answer \"[^\"]*\" with .*?, too, or",
        r"A row was said to be that of \1, and it is open whose that id is: answer that question, too, or",
    ),
    (r"\"([^\"]*)\" is no answer to \"[^\"]*\"; write ", r'"\1" is not among the answers; choose '),
    (r"map it to \"ignore\"", "choose to leave it unread"),
)
_INSTEAD = [(re.compile(pattern), words) for pattern, words in _SAID_THERE]


def said(text: str) -> str:
    """A sentence without what only the command line knows."""
    for pattern, words in _INSTEAD:
        text = pattern.sub(words, text)
    return text
