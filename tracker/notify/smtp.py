"""Delivery over SMTP, many mails over one connection."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Literal, NamedTuple, Self

from tracker.notify.lines import nameless, one_line
from tracker.notify.ports import Letter, Meanwhile, NotDelivered, nothing

TIMEOUT_SECONDS = 30.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Answers that ask for another sign-in: the settings are at fault and not the mail, which can go out later.
SIGN_IN = (530, 534, 535, 538)
# What a server says before it hangs up: it has heard nothing for long, or taken enough mails over one connection.
CLOSING = 421
# What it says to a command that it carried out, and to a receiver whom it knows or who has moved on.
DONE, TAKEN = 250, (250, 251)
# "Go on", after which the content follows.
GO_ON = 354

Tls = Literal["whole", "starttls", "offered", "none"]
Answer = tuple[int, bytes]


class Server(NamedTuple):
    """A mail server and how to speak with it; shown without its password.

    `tls`: from the first byte on (`whole`), by STARTTLS or not at all (`starttls`), by STARTTLS if the server offers
    it (`offered`), or never (`none`).
    """

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port}, {self.tls}{', with a user' if self.user else ''})"


class Smtp:
    """A Post that speaks with a mail server.

    The connection is made for the first mail. Once it could not be made, the mails that follow fail at once, until
    the Post is left: otherwise each of hundreds would wait for the same dead server.
    """

    def __init__(self, server: Server, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server, self._timeout = server, timeout
        self._line: smtplib.SMTP | None = None
        self._down: str | None = None
        # Whether a mail was begun and not taken: the server has to forget it before the next.
        self._is_begun = False
        # The letter of which the server was told already, with its answers still to be read.
        self._announced: Letter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Says goodbye to the server."""
        if self._announced is not None:
            self._announced = None
            self._drop()
        self._hang_up()
        self._down = None

    def send(self, letter: Letter, meanwhile: Meanwhile = nothing) -> None:
        """Hands the mail to the server for all of its receivers or for none; raises NotDelivered."""
        try:
            line, answers = self._introduced(letter)
            self._is_begun = True
            self._go_on(letter, answers)
            line.send(_dotted(letter.content))
            following = meanwhile()
            _accepted(line.getreply())
            self._is_begun = False
            self._announce(line, following)
        except NotDelivered:
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotDelivered(f"The connection to the mail server broke ({_named(error)}).", permanent=False) from None
        except BaseException:
            # Interrupted in the middle of a mail: what the server says next would be taken for something else.
            self._drop()
            raise

    def _introduced(self, letter: Letter) -> tuple[smtplib.SMTP, "_Answers"]:
        """The connection, and what the server said to the sender and the receivers.

        A server that hung up meanwhile is called again: nothing was handed over yet.
        """
        announced, self._announced = self._announced, None
        if announced is not None and announced is not letter:
            self._drop()
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                if not self._is_begun or self._line.rset()[0] == 250:
                    answers = _introduce(self._line, letter, is_announced=announced is letter)
                    if answers.sender[0] != CLOSING:
                        return self._line, answers
        line = self._connected()
        return line, _introduce(line, letter)

    def _go_on(self, letter: Letter, answers: "_Answers") -> None:
        """Whether the server waits for the content, and of every receiver; otherwise raises NotDelivered."""
        try:
            _accepted(answers.sender)
            _all_accepted(dict(zip(letter.receivers, answers.receivers, strict=True)))
            _accepted(answers.content, GO_ON)
        except NotDelivered:
            if answers.content[0] == GO_ON:
                # It waits for the content all the same; there is no other way to take that back.
                self._drop()
            raise

    def _announce(self, line: smtplib.SMTP, letter: Letter | None) -> None:
        """Tells the server of the next letter already, if it takes several commands at once; it answers meanwhile."""
        if letter is not None and _takes_all(line, letter) and (not letter.is_wide or line.has_extn("smtputf8")):
            self._announced = letter
            with suppress(OSError, smtplib.SMTPException):
                # Whether that went well shows when the answers are read.
                line.send(b"".join(_commands(letter)))

    def _connected(self) -> smtplib.SMTP:
        """A new connection."""
        self._hang_up()
        if self._down is None:
            try:
                self._line = _connect(self._server, self._timeout)
            except _Unusable as error:
                self._down = str(error)
            except (smtplib.SMTPException, OSError) as error:
                self._down = _named(error)
            else:
                self._is_begun = False
                return self._line
        where = f"{self._server.host}:{self._server.port}"
        raise NotDelivered(f"The mail server {where} cannot be used ({self._down}).", permanent=False)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        try:
            line.quit()
        except (smtplib.SMTPException, OSError):
            line.close()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


class _Unusable(Exception):
    """The server does not do what the settings ask for."""


def _connect(server: Server, timeout: float) -> smtplib.SMTP:
    """A connection, encrypted and signed in as the settings say. Certificates are checked."""
    line: smtplib.SMTP
    if server.tls == "whole":
        context = ssl.create_default_context()
        line = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        _secure(line, server)
        if server.user is not None:
            line.login(server.user, server.password or "")
    except UnicodeError:
        line.close()
        raise _Unusable("the user or the password holds letters that cannot be sent to it") from None
    except BaseException:
        line.close()
        raise
    return line


def _secure(line: smtplib.SMTP, server: Server) -> None:
    """Encrypts the connection if that is asked for; never lets a password out in the clear unless told to."""
    line.ehlo()
    if server.tls in ("whole", "none"):
        return
    if line.has_extn("starttls"):
        line.starttls(context=ssl.create_default_context())
        line.ehlo()
    elif server.tls == "starttls":
        raise _Unusable("it offers no STARTTLS")
    elif server.user is not None and server.host not in LOOPBACK:
        raise _Unusable("it offers no encryption for the password; '?tls=none' sends it in the clear")


class _Answers(NamedTuple):
    """What a server said before the content: to the sender, to each receiver, and to the question whether to go on."""

    sender: Answer
    receivers: Sequence[Answer]
    content: Answer


def _introduce(line: smtplib.SMTP, letter: Letter, *, is_announced: bool = False) -> _Answers:
    """Tells of a mail. `sendmail` would go on where only some receivers are refused; a second try would double it."""
    if letter.is_wide and not line.has_extn("smtputf8"):
        raise NotDelivered("The mail server takes no addresses with letters such as ż.", permanent=True)
    commands = _commands(letter)
    if is_announced or _takes_all(line, letter):
        if not is_announced:
            line.send(b"".join(commands))
        sender, *receivers, content = (line.getreply() for _ in commands)
        return _Answers(sender, receivers, content)
    sender = _answer(line, commands[0])
    receivers = [_answer(line, each) for each in commands[1:-1]] if sender[0] == DONE else []
    if any(answer[0] not in TAKEN for answer in receivers) or not receivers:
        return _Answers(sender, receivers or [sender] * len(letter.receivers), sender)
    return _Answers(sender, receivers, _answer(line, commands[-1]))


def _takes_all(line: smtplib.SMTP, letter: Letter) -> bool:
    """Whether a server takes all commands of a mail at once (RFC 2920). Of several receivers some may be refused, and
    then it would wait for the content on behalf of the others."""
    return bool(line.has_extn("pipelining")) and len(letter.receivers) == 1


def _commands(letter: Letter) -> list[bytes]:
    options = " SMTPUTF8 BODY=8BITMIME" if letter.is_wide else ""
    receivers = (f"RCPT TO:<{address}>" for address in letter.receivers)
    return [f"{each}\r\n".encode() for each in (f"MAIL FROM:<{letter.sender}>{options}", *receivers, "DATA")]


def _answer(line: smtplib.SMTP, command: bytes) -> Answer:
    line.send(command)
    return line.getreply()


def _dotted(content: bytes) -> bytes:
    """The content as it is sent: a dot alone on its line ends it, so a line that begins with one gets another."""
    return content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _accepted(answer: Answer, wanted: int = DONE) -> None:
    if answer[0] != wanted:
        raise NotDelivered(f"The mail server refused the mail: {_told(answer)}", _is_permanent(answer))


def _all_accepted(answers: Mapping[str, Answer]) -> None:
    """For good if one of them is refused for good: the same mail will meet the same answer."""
    refusals = {address: answer for address, answer in answers.items() if answer[0] not in TAKEN}
    if not refusals:
        return
    lasting = {address: answer for address, answer in refusals.items() if _is_permanent(answer)}
    refused = lasting or refusals
    told = _told(next(iter(refused.values())))
    reason = f"The mail server refused {len(refused)} of the receivers: {told}"
    raise NotDelivered(reason, bool(lasting), {address: _told(answer) for address, answer in refused.items()})


def _is_permanent(answer: Answer) -> bool:
    return 500 <= answer[0] < 600 and answer[0] not in SIGN_IN


def _told(answer: Answer) -> str:
    """The server's words, without addresses, at a length that can be read."""
    return f"{answer[0]} {nameless(answer[1].decode('utf-8', 'replace'))}"


def _named(error: Exception) -> str:
    """What went wrong on the way, in a few words; never what we sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{error.smtp_code}, the user or the password is not accepted"
    if isinstance(error, smtplib.SMTPResponseException):
        return _told((error.smtp_code, _as_bytes(error.smtp_error)))
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPException):
        return one_line(str(error))[:200]
    return getattr(error, "strerror", None) or type(error).__name__


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
