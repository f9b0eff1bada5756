"""A real mail server in the test's own process, which can be told to refuse."""

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "tracker", "s3cret/of:the@house"


@dataclass
class MailServer:
    """Listens on a free port of this machine while the `with` lasts.

    `refused` maps receivers to answers, `content_answer` is what a mail's content gets. `tls` offers STARTTLS, `whole`
    encrypts from the start. `closes_after` hangs up after so many mails. `takes_many` commands at once (RFC 2920).
    """

    tls: ssl.SSLContext | None = None
    whole: ssl.SSLContext | None = None
    sign_in: bool = False
    refused: dict[str, str] = field(default_factory=dict)
    content_answer: str = "250 OK"
    closes_after: int | None = None
    takes_many: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._answering, "127.0.0.1", 0, ssl=self.whole)

    async def _stop(self) -> None:
        self._listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _answering(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self,
            tls_context=self.tls,
            require_starttls=self.tls is not None,
            auth_required=self.sign_in,
            auth_require_tls=False,
            authenticator=self._authenticate,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Says what it can do."""
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.takes_many else []), responses[-1]]

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes a receiver, or refuses it as told."""
        self.named.append(address)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keeps a mail, or refuses it as told."""
        if self.content_answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append(envelope)
            self.encrypted.append(session.ssl is not None or self.whole is not None)
        if self.closes_after is not None and len(self.mails) >= self.closes_after:
            self.closes_after = None
            assert server.transport is not None
            # After the answer, which is written before the loop comes round again.
            self._loop.call_soon(server.transport.close)
        return self.content_answer
