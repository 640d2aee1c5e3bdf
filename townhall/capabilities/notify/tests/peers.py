"""A small HTTP server on loopback, for what we call: it answers as told and keeps what it got."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # by their names in small letters
    body: bytes


Answer = tuple[int, dict[str, str], bytes]  # a status, headers and a body


@dataclass(slots=True)
class Peer:
    """`answers` are given in turn, the last one for ever; or else what `replies` says."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    replies: Callable[[Asked], Answer] = lambda asked: (200, {}, b"")
    asked: list[Asked] = field(default_factory=list)

    def answer(self, *statuses: int) -> None:
        self.answers = [(status, {}, b"") for status in statuses]


@contextmanager
def listening() -> Iterator[Peer]:
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            asked = Asked(method=self.command, path=self.path, headers=headers, body=body)
            peer.asked.append(asked)
            status, sent, content = peer.answers[0] if peer.answers else peer.replies(asked)
            del peer.answers[: len(peer.answers) > 1]
            self.send_response(status)
            for name, value in {**sent, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815  # its own name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
