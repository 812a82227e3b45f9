"""The form of a stored snapshot, and the policy of when one is made."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import AGGREGATES
from milena.store.snapshot import pack, policies, topic, unpack

STATE = json.dumps({"board": [1, 2, 3], "name": "tic"}, separators=(",", ":")).encode()


@given(state=st.recursive(st.integers() | st.text("abc"), lambda inner: st.lists(inner, max_size=3)))
def test_what_is_packed_can_be_unpacked_to_the_byte(state: object) -> None:
    data = json.dumps(state).encode()
    assert unpack(pack(data), str) == data


@given(state=st.text("abc"))
def test_what_is_sealed_can_be_unsealed_to_the_byte_and_tells_nothing(state: str) -> None:
    packed = pack(json.dumps({"word": "secret" + state}).encode(), lambda text: text[::-1])
    assert b"secret" not in packed
    assert json.loads(unpack(packed, lambda sealed: sealed[::-1])) == {"word": "secret" + state}


@given(at=st.integers(0, len(pack(STATE)) - 1), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_changed_without_being_noticed(at: int, bit: int) -> None:
    data = bytearray(pack(STATE))
    data[at] ^= 1 << bit
    try:
        state = unpack(bytes(data), str)
    except ValueError:
        return
    assert state == STATE  # the change was one of the envelope's that means the same


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"digest":"","state":{}}', pack(STATE)[:-1]])
def test_what_was_not_packed_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(data, str)


def test_every_kind_of_aggregate_has_a_policy_and_a_topic_with_its_schema_number() -> None:
    for aggregate in AGGREGATES:
        policy = policies()[aggregate.kind]
        assert policy.interval > 0
        assert topic(aggregate.kind) == f"{aggregate.kind}.snapshot@{policy.schema}"
