"""A print supplier's SFTP server on loopback: one user, one folder, a host key of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh


@dataclass(slots=True, kw_only=True)
class PrintShop:
    folder: Path
    port: int = 0
    key: Path
    known_hosts: Path
    falls_silent: threading.Event = field(default_factory=threading.Event)

    def url(self, *, known_hosts: Path | None = None) -> str:
        files = f"key={self.key}&known_hosts={known_hosts or self.known_hosts}"
        return f"sftp://barset@127.0.0.1:{self.port}/in?{files}"


class Door(asyncssh.SFTPServer):
    """Hangs up without a word once a letter is whole, if it is told to."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], shop: PrintShop) -> None:
        super().__init__(channel, chroot=str(shop.folder.parent).encode())
        self.shop = shop

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().posix_rename(oldpath, newpath)
        if self.shop.falls_silent.is_set() and newpath.endswith(b".pdf"):
            self.connection.abort()


@contextmanager
def printing_at(path: Path) -> Iterator[PrintShop]:
    """With the folder `in` that letters go to, made and empty."""
    ours, theirs = (asyncssh.generate_private_key("ssh-ed25519") for _each in range(2))
    ours.write_private_key(path / "key")
    (path / "authorized").write_bytes(ours.export_public_key())
    folder = path / "shop" / "in"
    folder.mkdir(parents=True)
    shop = PrintShop(folder=folder, key=path / "key", known_hosts=path / "known_hosts")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_start(shop, theirs), loop).result()
    shop.port = server.get_port()
    known = f"[127.0.0.1]:{shop.port} {theirs.export_public_key().decode()}"
    shop.known_hosts.write_text(known)
    try:
        yield shop
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(shop: PrintShop, host_key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[host_key],
        authorized_client_keys=str(shop.key.with_name("authorized")),
        sftp_factory=lambda channel: Door(channel, shop),
    )


async def _stop(server: asyncssh.SSHAcceptor) -> None:
    server.close()
    await server.wait_closed()
