"""Nothing secret is left of what is logged, whatever stands around it; and the rest is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_secrets import bot_tokens, interaction_tokens, traces, webhook_tokens

from milena.ops.logs_scrub import DEEPEST, GONE, LONGEST, Scrubber, secrets_of

AROUND = st.text(st.sampled_from("aZ09 .,:;-_/\"'{}[]()=&?\n\\é🎲"), max_size=30)

FORMS = (
    "{}",
    "Bot {}",
    "the token {} was refused",
    "{{'token': '{}'}}",
    '{{"op": 2, "d": {{"token": "{}", "intents": 513}}}}',
    "b'{}'",
    "Authorization: Bot {}",
    "{{'Authorization': 'Bot {}', 'User-Agent': 'x'}}",
    "[(b'authorization', b'Bot {}')]",
    "-H 'authorization: Bearer {}'",
    "https://example.org/?token={}&x=1",
)


@given(AROUND, bot_tokens, AROUND, st.sampled_from(FORMS))
def test_a_bots_token_is_gone_wherever_it_stands(before: str, token: str, after: str, form: str) -> None:
    left = Scrubber().text(before + form.format(token) + after)
    assert GONE in left
    assert [trace for trace in traces(token) if trace in left] == []


@given(
    AROUND,
    st.integers(10**16, 10**19 - 1),
    st.one_of(webhook_tokens, interaction_tokens),
    st.sampled_from(["webhooks/{}/{}", "webhooks/{}/{}/messages/@original", "interactions/{}/{}/callback"]),
)
def test_the_token_in_a_url_is_gone_and_the_id_stays(before: str, number: int, token: str, path: str) -> None:
    url = "https://discord.com/api/v10/" + path.format(number, token)
    left = Scrubber().text(f"{before} POST {url} 404")
    assert str(number) in left
    assert left.endswith(" 404")
    assert [trace for trace in traces(token) if trace in left] == []


@given(AROUND, interaction_tokens, AROUND)
def test_the_token_of_an_interaction_is_gone_by_itself(before: str, token: str, after: str) -> None:
    left = Scrubber().text(f"{before} {token} {after}")
    assert [trace for trace in traces(token) if trace in left] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Basic bWlsZW5hOm1pbGVuYQ==", f"Authorization: {GONE}"),
        ("postgresql://milena:opensesame@db.local/milena", f"postgresql://milena:{GONE}@db.local/milena"),
        ("password=open, user=ann", f"password={GONE}, user=ann"),
        ('{"client_secret": "open sesame"}', f'{{"client_secret": {GONE}}}'),
        ("Set-Cookie: session=123abc; Path=/", f"Set-Cookie: {GONE}; Path=/"),
        ("api_key = 'k'", f"api_key = {GONE}"),
    ],
)
def test_what_a_name_says_is_secret_is_gone(text: str, left: str) -> None:
    assert Scrubber().text(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "invocation 2q4610vyh0k3 failed (vyh0k3ab)",
        "leaderboard is made anew: it is of version 3, or has another schema",
        'File "/usr/lib/python3.11/site-packages/milena/engine/engine.py", line 284, in _commit',
        "head 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 at 811/902: 12:30:01",
        "GET https://discord.com/api/v10/channels/811234567890123456/messages?limit=5",
        "a token is missing",
    ],
)
def test_what_is_no_secret_is_left_as_it_is(text: str) -> None:
    assert Scrubber(["opensesame"]).text(text) == text


@given(st.text(st.characters(codec="utf-8"), min_size=4, max_size=30), AROUND, AROUND)
def test_what_the_environment_holds_as_a_secret_is_gone_in_each_form(
    secret: str, before: str, after: str
) -> None:
    scrub = Scrubber(secrets_of({"MILENA_WEB_PASSWORD": secret, "HOME": "/home/ann"}))
    value = secret.strip()
    for form in (secret, repr(secret), f"{before}{secret}{after}"):
        left = scrub.text(form)
        assert len(value) < 4 or value not in left.replace(GONE, "") or value in GONE


Values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(bot_tokens, Values, st.integers(0, DEEPEST + 2))
def test_it_is_gone_from_within_lists_and_tables_and_as_a_key(token: str, value: object, depth: int) -> None:
    given: object = {token: [value, token, token.encode()], "x": (token,)}
    for _ in range(depth):
        given = {"inner": [given]}
    left = str(Scrubber().value(given))
    assert [trace for trace in traces(token) if trace in left] == []


def test_what_stands_under_the_name_of_a_secret_is_gone_whatever_it_is() -> None:
    given = {"password": 1234, "headers": {"Authorization": ["x"], "Accept": "y"}, b"token": "z"}
    assert Scrubber().value(given) == {
        "password": GONE, "headers": {"Authorization": GONE, "Accept": "y"}, "b'token'": GONE,
    }  # fmt: skip


@given(bot_tokens, st.integers(-120, 40), st.sampled_from([LONGEST, 4 * LONGEST]), st.sampled_from("x "))
def test_a_long_text_is_cut_and_leaves_no_half_of_a_token(
    token: str, offset: int, near: int, filler: str
) -> None:
    left = Scrubber().text(filler * (near + offset) + token + filler * 100)
    assert len(left) <= LONGEST + 40
    assert [trace for trace in traces(token) if trace in left] == []


def test_a_text_of_many_tokens_that_is_cut_leaves_no_half_of_one() -> None:
    token = f"{'M' * 24}.{'G' * 6}.{'abcdefgh' * 4}"
    left = Scrubber().text(f"{token} " * 2000)
    assert "abcdefgh" not in left
