"""A line to the database that loses an answer when it is told to: what was asked for was done, but nobody hears."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from psycopg.conninfo import conninfo_to_dict, make_conninfo


@dataclass
class LossyLine:
    """`url` leads to the database through the line; `lose` cuts the next answer once something has happened."""

    url: str
    _server: str
    _listener: socket.socket
    _happened: Callable[[], bool] | None = None
    _lines: list[Thread] = field(default_factory=list)
    lost: int = 0
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def lose(self, happened: Callable[[], bool]) -> None:
        """Lose the first answer that comes when this has happened."""
        self._happened = happened

    def serve(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                client, _ = self._listener.accept()
                line = Thread(target=self._line, args=(client,))
                self._lines.append(line)
                line.start()
        for line in self._lines:
            line.join()

    def _line(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            answers = Thread(target=self._pass, args=(server, client, self._is_lost))
            answers.start()
            self._pass(client, server, lambda: False)
            answers.join()

    def _is_lost(self) -> bool:
        with self._asking:  # two answers at once are not two first ones
            if self._happened is None or not self._happened():
                return False
            self._happened = None
            self.lost += 1
            return True

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket, lost: Callable[[], bool]) -> None:
        with contextlib.suppress(OSError):
            while (data := source.recv(65_536)) and not lost():
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def lossy_line(url: str) -> Iterator[LossyLine]:
    """A line to the database of a URL."""
    parts = conninfo_to_dict(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        through = make_conninfo(url, host="127.0.0.1", port=listener.getsockname()[1], sslmode="disable")
        line = LossyLine(through, f"{parts['host']}/.s.PGSQL.{parts['port']}", listener)
        serving = threading.Thread(target=line.serve)
        serving.start()
        try:
            yield line
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()
