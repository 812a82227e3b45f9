"""Sealing: only the right key, for the right stream, opens a text that nobody has touched."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.store.sealing import SealError, seal, sealing_key, unseal

KEY = sealing_key(b"seed")
TEXTS = st.text(max_size=200).filter(lambda text: not text.endswith("\0"))


@given(text=TEXTS, seed=st.binary(min_size=1), stream=st.text())
def test_what_is_sealed_can_be_opened(text: str, seed: bytes, stream: str) -> None:
    key = sealing_key(seed)
    assert unseal(key, stream, seal(key, stream, text)) == text


def test_another_key_does_not_open_it() -> None:
    sealed = seal(KEY, "game:1", "rock")
    with pytest.raises(SealError):
        unseal(sealing_key(b"another"), "game:1", sealed)


def test_it_can_not_be_moved_to_another_stream() -> None:
    sealed = seal(KEY, "game:1", "rock")
    with pytest.raises(SealError):
        unseal(KEY, "game:2", sealed)


@given(text=TEXTS, at=st.integers(0), bit=st.integers(0, 7))
def test_any_bit_that_is_changed_is_noticed(text: str, at: int, bit: int) -> None:
    data = bytearray(base64.b64decode(seal(KEY, "game:1", text)))
    data[at % len(data)] ^= 1 << bit
    with pytest.raises(SealError):
        unseal(KEY, "game:1", base64.b64encode(data).decode())


@given(garbage=st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_garbage_is_no_sealed_text(garbage: str) -> None:
    with pytest.raises(SealError):
        unseal(KEY, "game:1", garbage)


def test_the_length_does_not_tell_the_choice() -> None:
    choices = ("rock", "paper", "scissors", "", "a" * 32)
    assert {len(seal(KEY, "game:1", choice)) for choice in choices[:3] + choices[4:]} == {80}


def test_the_same_choice_never_looks_the_same() -> None:
    assert len({seal(KEY, "game:1", "rock") for _ in range(100)}) == 100


def test_the_key_does_not_tell_the_seed() -> None:
    assert b"seed" not in KEY
    assert len(KEY) == 32
