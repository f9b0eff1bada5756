"""A mail server that takes everything and keeps nothing; run as a program it prints its port."""

from __future__ import annotations

import asyncio
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session


class Drop:
    """Says yes to every mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        """Forgets a mail."""
        return "250 OK"


async def _main() -> None:
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(Drop(), enable_SMTPUTF8=True), "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    # Until the one that started it goes.
    await loop.run_in_executor(None, sys.stdin.read)
    listening.close()


if __name__ == "__main__":
    asyncio.run(_main())
