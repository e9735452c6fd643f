"""Asks a service over kept connections, in a process of its own: `python -m tests.benchmarks.http_client`.

Reads a load as JSON and writes the seconds of each timed request, and how long all of it took. Bare sockets, so that
asking costs next to nothing beside answering.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

Json = dict[str, Any]


async def _asked(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> int:
    """Send a request, read the whole answer, and give its status."""
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(head[9:12])


def _requests(load: Json, connection: int) -> Iterator[tuple[bytes, bool]]:
    """What one connection asks, for ever, and whether it is timed; each goes on from another doctor."""
    for turn in count(connection, load["connections"]):
        hpr = load["hprs"][turn % len(load["hprs"])]
        for each in load["steps"]:
            body = (each.get("body") or "").replace("TURN", str(turn % 20)).encode()
            path = each["path"].replace("HPR", hpr).replace("MICROSECONDS", f"{time.time_ns() // 1_000 % 1_000_000:06}")
            head = f"{each['method']} {path} HTTP/1.1\r\nHost: {load['host']}\r\n"
            said = "".join(f"{name}: {value}\r\n" for name, value in load["headers"].items())
            sent = f"{head}{said}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            yield f"{sent}\r\n".encode() + body, each["timed"]


async def _connection(load: Json, number: int, until: float, seconds: list[float]) -> None:
    kept = await asyncio.open_connection(*load["address"])
    for request, timed in _requests(load, number):
        if time.perf_counter() > until:
            break
        if not load["keep"]:
            kept[1].close()
            kept = await asyncio.open_connection(*load["address"])
        begun = time.perf_counter()
        status = await _asked(kept, request)
        if timed:
            seconds.append(time.perf_counter() - begun)
        assert status in {200, 201}, (status, request)
    kept[1].close()


async def _all(load: Json) -> Json:
    seconds: list[float] = []
    begun = time.perf_counter()
    until = begun + load["seconds"]
    await asyncio.gather(*(_connection(load, number, until, seconds) for number in range(load["connections"])))
    return {"each": seconds, "all": time.perf_counter() - begun}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(asyncio.run(_all(json.loads(line)))), flush=True)
