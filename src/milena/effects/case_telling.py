"""What a moderation log says of a case, and of an amendment of it: a line for each thing that is known."""

from milena.domain.case import Case
from milena.domain.effect import Effect
from milena.domain.refusal import channel
from milena.effects.case_words import Words


def told(case: Case, acted: Effect, words: Words) -> str:
    """``acted``: what was done for it, which has an end."""
    lines = [words.case.format(case.number, words.acts[case.act])]
    if case.member:
        lines.append(f"{words.member}: <{case.member}>")
    if case.act == "purge":
        lines.append(f"{words.where}: {channel(acted.place.partition('/')[2])}")
    lines.append(f"{words.by}: <{case.by}>")
    if case.until:
        lines.append(f"{words.until}: <t:{-(-case.until // 1000)}:f>")
    lines.append(f"{words.reason}: {case.reason or words.none}")
    return "\n".join([*lines, f"{words.result}: {_came_of_it(acted, words)}"])


def told_amended(case: Case, amendment: int, words: Words) -> str:
    """``amendment`` counts from 1."""
    made = case.amendments[amendment - 1]
    after = case.amendments[amendment].before if amendment < len(case.amendments) else case.reason
    return "\n".join(
        (
            words.amended.format(case.number, words.acts[case.act]),
            f"{words.by}: <{made.by}>",
            f"{words.reason}: {after}",
            f"{words.before}: {made.before or words.none}",
        )
    )


def _came_of_it(acted: Effect, words: Words) -> str:
    if acted.status == "failed":
        return words.failed.format(words.why.get(acted.code, acted.sentence))
    if "removed" in acted.result:
        count = acted.result["removed"]
        return words.removed[count != 1].format(count)
    return words.done
