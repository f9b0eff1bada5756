"""Delivery over SMTP, many mails over one connection."""

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from types import TracebackType
from typing import Literal, NamedTuple, Self

from tracker.notify.lines import nameless, one_line
from tracker.notify.ports import NotDelivered

TIMEOUT_SECONDS = 30.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Answers that ask for another sign-in: the settings are at fault and not the mail, which can go out later.
SIGN_IN = (530, 534, 535, 538)

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Says goodbye to the server."""
        self._hang_up()
        self._down = None

    def send(self, message: EmailMessage) -> None:
        """Hands the mail to the server for all of its receivers or for none; raises NotDelivered."""
        line = self._connected()
        try:
            _transfer(line, message)
        except smtplib.SMTPNotSupportedError:
            raise NotDelivered("The mail server takes no addresses with letters such as ż.", permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self._line = None
            line.close()
            raise NotDelivered(f"The connection to the mail server broke ({_named(error)}).", permanent=False) from None

    def _connected(self) -> smtplib.SMTP:
        """The connection: the one at hand if it is still alive, else a new one."""
        if self._line is not None and _alive(self._line):
            return self._line
        self._hang_up()
        if self._down is None:
            try:
                self._line = _connect(self._server, self._timeout)
            except _Unusable as error:
                self._down = str(error)
            except (smtplib.SMTPException, OSError) as error:
                self._down = _named(error)
            else:
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


def _alive(line: smtplib.SMTP) -> bool:
    """Whether the server still answers; it forgets whatever was begun."""
    try:
        return line.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _transfer(line: smtplib.SMTP, message: EmailMessage) -> None:
    """One mail. `sendmail` would go on where only some receivers are refused, and a second try would double it."""
    sender, receivers = _envelope(message)
    wide = not all(address.isascii() for address in (sender, *receivers))
    if wide and not line.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError
    _accepted(line.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if wide else []))
    answers = {address: line.rcpt(address) for address in receivers}
    _all_accepted({address: answer for address, answer in answers.items() if answer[0] not in (250, 251)})
    # Its own policy, if that is one for sending, may know how to do it sooner.
    plain = message.policy if message.policy.linesep == SMTP.linesep else SMTP
    _accepted(_content(line, message.as_bytes(policy=SMTPUTF8 if wide else plain)))


def _content(line: smtplib.SMTP, content: bytes) -> Answer:
    try:
        return line.data(content)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, _as_bytes(error.smtp_error)


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    """The sender and the receivers, each once."""
    fields = [*message.get_all("To", []), *message.get_all("Cc", [])]
    receivers = dict.fromkeys(address.addr_spec for field in fields for address in field.addresses)
    return message["From"].addresses[0].addr_spec, list(receivers)


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
