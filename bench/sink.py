"""`python -m bench.sink PORT FILE`: a mail server that takes everything, in few milliseconds.

It writes each recipient and each Message-ID as a line of FILE once it has said that it took the
email. It does nothing else, so that what is measured is who hands over.
"""

import asyncio
import re
import sys
from typing import TextIO

MESSAGE_ID = re.compile(rb"^message-id: *(\S+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"


class Taking(asyncio.Protocol):
    """One connection; commands may come several at once."""

    def __init__(self, taken: TextIO) -> None:
        self.taken = taken
        self.waiting = b""
        self.in_data = False
        self.to = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        end = END if self.in_data else b"\r\n"
        while end in self.waiting:
            said, _end, self.waiting = self.waiting.partition(end)
            self._take(said) if self.in_data else self._obey(said)
            end = END if self.in_data else b"\r\n"

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        answers = {b"DATA": b"354 go on", b"QUIT": b"221 bye", b"EHLO": b"250-sink\r\n250 8BITMIME"}
        if verb == b"RCPT":
            self.to = line.partition(b"<")[2].partition(b">")[0].decode()
        self.in_data = verb == b"DATA"
        self.transport.write(answers.get(verb, b"250 ok") + b"\r\n")
        if verb == b"QUIT":
            self.transport.close()

    def _take(self, letter: bytes) -> None:
        found = MESSAGE_ID.search(letter)
        self.taken.write(f"{self.to} {found[1].decode() if found else ''}\n")
        self.in_data = False
        self.transport.write(b"250 taken\r\n")


async def serve(port: int, path: str) -> None:
    with open(path, "a", buffering=1) as taken:
        server = await asyncio.get_running_loop().create_server(
            lambda: Taking(taken), "127.0.0.1", port, backlog=256
        )
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
