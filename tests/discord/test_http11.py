"""HTTP/1.1 as it is read: however it is cut into pieces, and whatever comes in the place of it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milena.discord.http11 import LARGEST, Answer, BadAnswer, Reader, asking, fields

ANSWERS = {
    b"HTTP/1.1 200 OK\r\nX-Left: 4\r\ncontent-length: 5\r\n\r\nhello": (200, b"hello", True),
    b"HTTP/1.1 204 No Content\r\n\r\n": (204, b"", True),
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n": (201, b"", True),
    b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, somebody\r\n0\r\n\r\n": (
        200, b"hello, somebody", True,
    ),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n": (
        200, b"x", True,
    ),
    b"HTTP/1.1 429 Too Many\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}": (429, b"{}", False),
    b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}": (200, b"{}", False),
}  # fmt: skip


def read(pieces: list[bytes]) -> Answer | None:
    reader, found = Reader(), None
    for piece in pieces:
        assert found is None, "it was not over yet"
        found = reader.take(piece)
    return found


@pytest.mark.parametrize("sent", ANSWERS)
def test_an_answer_is_read_byte_for_byte(sent: bytes) -> None:
    found = read([bytes([byte]) for byte in sent])
    assert found is not None
    assert (found.status, found.content, found.kept) == ANSWERS[sent]


@settings(max_examples=60)
@given(st.data(), st.sampled_from([*ANSWERS]))
def test_an_answer_may_come_in_any_pieces(data: st.DataObject, sent: bytes) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(sent) - 1)))
    found = read([sent[a:b] for a, b in pairwise([0, *sorted(cuts), len(sent)])])
    assert found is not None
    assert (found.status, found.content, found.kept) == ANSWERS[sent]


def test_headers_are_found_in_whatever_case() -> None:
    found = read([next(iter(ANSWERS))])
    assert found is not None
    assert (found.headers["x-LEFT"], found.headers["Content-Length"]) == ("4", "5")


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    reader = Reader()
    assert reader.take(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>") is None
    assert reader.take(b"</html>") is None
    assert reader.end()[0::2] == (502, b"<html></html>")


@pytest.mark.parametrize(
    "sent", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
             b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"],
)  # fmt: skip
def test_an_answer_that_is_cut_off_is_none(sent: bytes) -> None:
    reader = Reader()
    assert reader.take(sent) is None
    with pytest.raises(ConnectionResetError):
        reader.end()


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 +20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 16),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(sent: bytes) -> None:
    with pytest.raises(BadAnswer):
        Reader().take(sent)


def test_an_answer_that_would_fill_the_memory_is_none() -> None:
    reader = Reader()
    reader.take(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    with pytest.raises(BadAnswer):
        reader.take(b"x" * (LARGEST + 1))


def test_what_comes_behind_an_answer_ends_the_connection() -> None:
    found = read([next(iter(ANSWERS)) + b"HTTP/1.1 200 OK\r\n"])
    assert found is not None
    assert (found.content, found.kept) == (b"hello", False)


def test_a_request_can_t_be_made_to_say_more() -> None:
    asked = asking("POST", "/a b\r\nX: y/@original?c=d%20e", [fields({"A": "b"})], b"{}")
    assert (
        asked == b"POST /a%20b%0D%0AX:%20y/@original?c=d%20e HTTP/1.1\r\nA: b\r\nContent-Length: 2\r\n\r\n{}"
    )
    with pytest.raises(ValueError, match="header"):
        fields({"A": "b\r\nX: y"})
