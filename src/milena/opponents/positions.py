"""What the machines that search ask of a game and of its positions."""

from typing import Any

import msgspec

from milena.domain.rules import AnyRules, Rules


def hides(rules: AnyRules) -> bool:
    """Whether a seat may see less than there is."""
    return type(rules).hide is not Rules.hide


def certain(rules: AnyRules) -> bool:
    """Whether all see everything and nothing is left to chance, as in chess: the same moves always lead
    to the same end."""
    kind = type(rules)
    return not hides(rules) and kind.chances is Rules.chances and kind.secret is Rules.secret


def key(state: Any) -> Any:
    """The position as something to look up: plain frozen structs can be, those that hold lists can't."""
    try:
        hash(state)
    except TypeError:
        return msgspec.json.encode(state)
    return state
