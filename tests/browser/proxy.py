"""A TCP relay that can lose an answer: the server has committed, the client never hears of it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

_CHUNK = 65536


class Relay:
    """Passes bytes between a fixed port and the server of the moment.

    Attributes:
        port: where the browser connects; it stays the same while servers come and go.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._lose: tuple[bytes, Callable[[], None]] | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_answer_to(self, request: bytes, then: Callable[[], None]) -> None:
        """Drop the answer to the next request that begins with ``request``; then call ``then``."""
        self._lose = (request, then)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            server = socket.create_connection(("127.0.0.1", self._target_port))
            with server:
                doomed = threading.Event()
                back = threading.Thread(target=self._back, args=(server, client, doomed))
                back.start()
                self._forth(client, server, doomed)
                back.join()

    def _forth(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                if self._lose and data.startswith(self._lose[0]):
                    doomed.set()
                server.sendall(data)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _back(self, server: socket.socket, client: socket.socket, doomed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(_CHUNK):
                if doomed.is_set() and self._lose:
                    # The first byte of an answer means that the transaction has been committed.
                    _request, then = self._lose
                    self._lose = None
                    then()
                    break
                client.sendall(data)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
