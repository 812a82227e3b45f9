"""Secrets of the forms that Discord gives them, made up: none is anybody's.

Their letters look random, as those of real ones do, so what is left of one is not there by accident.
"""

import base64
import hashlib

from hypothesis import strategies as st


def _letters(number: int, length: int) -> str:
    digest = hashlib.sha512(str(number).encode()).digest() + hashlib.sha512(str(-number).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:length]


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


numbers = st.integers(1, 2**64)
snowflakes = st.integers(10**16, 10**19 - 1)
bot_tokens = st.builds(
    lambda account, number, length: (
        f"{_encoded(str(account))}.G{_letters(number, 5)}.{_letters(-number, length)}"
    ),
    snowflakes,
    numbers,
    st.integers(27, 38),
)
interaction_tokens = st.builds(
    lambda account, number: _encoded(f"interaction:{account}:{_letters(number, 90)}"), snowflakes, numbers
)
webhook_tokens = numbers.map(lambda number: _letters(number, 68))


def traces(secret: str) -> list[str]:
    """What may not be left of a secret: any eight characters of its second half."""
    half = secret[len(secret) // 2 :]
    return [half[at : at + 8] for at in range(len(half) - 7)]
