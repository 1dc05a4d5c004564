"""Head and body of an answer leave in one message; what comes later is not waited for."""

import asyncio
import socket
import time
from collections.abc import Callable

import pytest
from starlette.types import Receive, Scope, Send

from api.protocol import Protocol, Together
from api.server import config
from tests.sito import serve

SLOW = 0.2
"""Seconds between two pieces of an answer."""


class Written:
    """A transport that remembers each message it is given."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.messages.append(data)

    def writelines(self, pieces: tuple[bytes, ...]) -> None:
        self.messages.append(b"".join(pieces))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


class Loop:
    """What is called in the next turn, and the turn."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def turn(self) -> None:
        called, self.soon = self.soon, []
        for callback in called:
            callback()


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def below() -> Written:
    return Written()


@pytest.fixture
def together(below: Written, loop: Loop) -> Together:
    return Together(below, loop)  # type: ignore[arg-type]


def test_head_and_body_are_one_message(together: Together, below: Written, loop: Loop) -> None:
    together.write(b"head ")
    together.write(b"body")
    assert below.messages == [b"head body"]
    loop.turn()
    assert below.messages == [b"head body"]


def test_a_head_alone_leaves_in_the_next_turn(
    together: Together, below: Written, loop: Loop
) -> None:
    together.write(b"head")
    assert below.messages == []
    loop.turn()
    assert below.messages == [b"head"]
    together.write(b"body")
    loop.turn()
    assert below.messages == [b"head", b"body"]


def test_nothing_is_lost_when_the_connection_closes(together: Together, below: Written) -> None:
    together.write(b"head")
    assert not together.is_closing()
    together.close()
    assert (below.messages, below.closed) == ([b"head"], True)
    assert together.is_closing()


def test_an_empty_body_sends_the_head(together: Together, below: Written) -> None:
    together.write(b"head")
    together.write(b"")
    assert below.messages == [b"head"]


def test_nothing_is_sent_where_nobody_is(together: Together, below: Written, loop: Loop) -> None:
    together.write(b"head")
    together.forget()
    loop.turn()
    assert below.messages == []


async def at_once(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in one turn of the loop, and take one's time between head and body."""
    if scope["type"] == "lifespan":
        return
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]}
    )
    time.sleep(SLOW)
    await send({"type": "http.response.body", "body": b"body"})


def test_an_answer_arrives_whole() -> None:
    with serve(at_once) as site, socket.create_connection(_place(site), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(1 << 16).endswith(b"\r\n\r\nbody")


def test_who_asks_nothing_more_is_answered() -> None:
    """A head without body, to a client that has closed its side."""
    with serve(at_once) as site:
        for _ in range(20):
            with socket.create_connection(_place(site), 10) as client:
                client.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
                client.shutdown(socket.SHUT_WR)
                assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 OK")


async def piecewise(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in pieces, the second of them late; or without a body."""
    if scope["type"] == "lifespan":
        return
    empty = scope["path"] == "/empty"
    length = b"0" if empty else b"6"
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]}
    )
    if not empty:
        await asyncio.sleep(SLOW)
        await send({"type": "http.response.body", "body": b"abc", "more_body": True})
        await asyncio.sleep(SLOW)
    await send({"type": "http.response.body", "body": b"" if empty else b"def"})


def test_a_slow_answer_is_sent_as_it_is_made() -> None:
    with serve(piecewise) as site, socket.create_connection(_place(site), 10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        received = [client.recv(1 << 16) for _ in range(3)]
        assert received[0].endswith(b"\r\n\r\n")
        assert received[1:] == [b"abc", b"def"]


def test_one_connection_asks_again_after_an_answer_without_body() -> None:
    with serve(piecewise) as site, socket.create_connection(_place(site), 10) as client:
        for method in (b"GET", b"HEAD", b"GET"):
            client.sendall(method + b" /empty HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = client.recv(1 << 16)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert answer.endswith(b"\r\n\r\n")


def test_the_server_answers_so() -> None:
    assert config().http is Protocol


def _place(site: str) -> tuple[str, int]:
    host, _, port = site.removeprefix("http://").partition(":")
    return host, int(port)
