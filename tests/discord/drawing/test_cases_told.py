"""A case, as the moderation log tells it: whatever people typed, it pings nobody, and has the same lines."""

from hypothesis import given
from hypothesis import strategies as st
from standin.mentions import EVERYONE, USER, pings

from milena.discord.message import Message
from milena.discord.text import say
from milena.domain.case import Case
from milena.domain.effect import Effect
from milena.domain.ids import PlayerId
from milena.effects.case_telling import told
from milena.effects.case_words import LANGUAGES, Words


@given(
    words=st.sampled_from(LANGUAGES),
    more=st.sampled_from(["", "@everyone <@123> <@&5>", "<bob> <ann>\n@here", "<@!123>\\<@123>"]),
    reason=st.text(max_size=200),
    name=st.text(max_size=40),
    sentence=st.text(max_size=50),
)
def test_nothing_that_people_typed_pings_or_adds_a_line(
    words: Words, more: str, reason: str, name: str, sentence: str
) -> None:
    said = "".join(char for char in reason if char.isprintable()) + " ".join(more.split())
    case = Case(1, "ban", PlayerId("ann"), 1, PlayerId("bob"), said)
    acted = Effect("e", "ban", status="failed", code="refused", sentence=" ".join(sentence.split()) + said)
    content = say(told(case, acted, words), lambda id: name + more, lambda id: " (<@7>)")
    body = Message(content).body()
    assert not pings(content, body["allowed_mentions"], may_all=True, mentionable={"5"})
    assert set(USER.findall(content)) == {"7"}
    assert not EVERYONE.search(content)
    assert len(content.split("\n")) == 5
