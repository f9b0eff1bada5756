"""A mail server on this machine; run as a program it prints its port.

Like any real one, it answers 250 only once it could be killed without losing the mail: whoever says so takes over
responsibility for it (RFC 5321, 4.2.5 and 6.1). So it writes each mail into a file and waits for the disk. With
`--drop` it forgets them at once. With `--certificate FILE`, its key in it, it offers STARTTLS.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import ssl
import sys
import tempfile
from functools import partial
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Drop:
    """Says yes to every mail, and forgets it; takes several commands at once, as servers in use do (RFC 2920)."""

    async def handle_EHLO(  # noqa: N802 - the library's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Says what it can do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        """Forgets a mail."""
        return "250 OK"


class Keep(Drop):
    """Says yes to every mail that is safe on the disk; a spool as mail servers have one."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        """Keeps a mail."""
        self._count += 1
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with (self._folder / str(self._count)).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return "250 OK"


async def _main(handler: Drop, certificate: Path | None) -> None:
    loop = asyncio.get_running_loop()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    made = partial(SMTP, handler, enable_SMTPUTF8=True, tls_context=context)
    listening = await loop.create_server(made, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    # Until the one that started it goes.
    await loop.run_in_executor(None, sys.stdin.read)
    listening.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drop", action="store_true", help="forget every mail at once")
    parser.add_argument("--certificate", type=Path, help="a certificate and its key, by which to offer STARTTLS")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spool:
        asyncio.run(_main(Drop() if given.drop else Keep(Path(spool)), given.certificate))
