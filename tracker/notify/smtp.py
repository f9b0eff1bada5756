"""Delivery over SMTP, many mails over one connection."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Literal, NamedTuple, Self

from tracker.notify.lines import nameless, one_line
from tracker.notify.ports import Letter, NotDelivered, nothing

TIMEOUT_SECONDS = 30.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Answers that ask for another sign-in: the settings are at fault and not the mail, which can go out later.
SIGN_IN = (530, 534, 535, 538)
# What a server says before it hangs up: it has heard nothing for long, or taken enough mails over one connection.
CLOSING = 421
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Says goodbye to the server."""
        self._hang_up()
        self._down = None

    def send(self, letter: Letter, meanwhile: Callable[[], None] = nothing) -> None:
        """Hands the mail to the server for all of its receivers or for none; raises NotDelivered."""
        try:
            line, answer = self._begin(letter)
            self._is_begun = True
            _accepted(answer)
            _transfer(line, letter, meanwhile)
            self._is_begun = False
        except NotDelivered:
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotDelivered(f"The connection to the mail server broke ({_named(error)}).", permanent=False) from None
        except BaseException:
            # Interrupted in the middle of a mail: what the server says next would be taken for something else.
            self._drop()
            raise

    def _begin(self, letter: Letter) -> tuple[smtplib.SMTP, Answer]:
        """The connection, and what the server said to the sender; one that hung up meanwhile is called again."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                if not self._is_begun or self._line.rset()[0] == 250:
                    answer = _sender(self._line, letter)
                    if answer[0] != CLOSING:
                        return self._line, answer
        line = self._connected()
        return line, _sender(line, letter)

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


def _sender(line: smtplib.SMTP, letter: Letter) -> Answer:
    """What the server says to whom the mail is from."""
    if letter.is_wide and not line.has_extn("smtputf8"):
        raise NotDelivered("The mail server takes no addresses with letters such as ż.", permanent=True)
    return line.mail(letter.sender, ["SMTPUTF8", "BODY=8BITMIME"] if letter.is_wide else [])


def _transfer(line: smtplib.SMTP, letter: Letter, meanwhile: Callable[[], None]) -> None:
    """One mail. `sendmail` would go on where only some receivers are refused, and a second try would double it."""
    answers = {address: line.rcpt(address) for address in letter.receivers}
    _all_accepted({address: answer for address, answer in answers.items() if answer[0] not in (250, 251)})
    answer = line.docmd("DATA")
    if answer[0] == GO_ON:
        line.send(_dotted(letter.content))
        meanwhile()
        answer = line.getreply()
    _accepted(answer)


def _dotted(content: bytes) -> bytes:
    """The content as it is sent: a dot alone on its line ends it, so a line that begins with one gets another."""
    return content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _accepted(answer: Answer) -> None:
    if answer[0] != 250:
        raise NotDelivered(f"The mail server refused the mail: {_told(answer)}", _is_permanent(answer))


def _all_accepted(refusals: Mapping[str, Answer]) -> None:
    """For good if one of them is refused for good: the same mail will meet the same answer."""
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
