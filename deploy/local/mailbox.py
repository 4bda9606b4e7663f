"""An SMTP server for one machine: takes every letter, sends none, keeps them in a Maildir."""

import argparse
import asyncio
import signal
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"


async def serve(*, port: int, folder: Path, stop: asyncio.Event) -> None:
    # Maildir makes its three folders only when the one around them is missing.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(exist_ok=True)
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="parlour.localhost"), HOST, port
    )
    async with server:
        await stop.wait()


async def serve_until_told_to_stop(*, port: int, folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(port=port, folder=folder, stop=stop)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve_until_told_to_stop(port=arguments.port, folder=arguments.dir))


if __name__ == "__main__":
    main()
