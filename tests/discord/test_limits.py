"""Rate limits: buckets, the limit of all calls together, and the count of invalid requests."""

from raw import RawBot, Socket
from standin import Person, Settings, StandIn

SEND = "POST /channels/{channel}/messages"


async def test_a_bucket_says_how_much_is_left_and_then_429(
    discord: StandIn, raw: RawBot, ann: Person
) -> None:
    discord.limits.numbers[SEND] = (2, 60.0)
    path = f"/channels/{ann.channel.id}/messages"
    first = await raw.call("POST", path, {"content": "x"})
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    await raw.call("POST", path, {"content": "x"})
    limited = await raw.call("POST", path, {"content": "x"})
    assert limited.status == 429
    assert limited.said["global"] is False
    assert 50 < limited.said["retry_after"] <= 60
    assert limited.headers["X-RateLimit-Scope"] == "user"
    assert limited.headers["X-RateLimit-Remaining"] == "0"
    assert int(limited.headers["Retry-After"]) >= limited.said["retry_after"]
    other = ann.channel.guild.channel("other")  # type: ignore[union-attr]
    elsewhere = await raw.call("POST", f"/channels/{other.id}/messages", {"content": "x"})
    assert elsewhere.status == 200
    assert elsewhere.headers["X-RateLimit-Bucket"] == first.headers["X-RateLimit-Bucket"]
    discord.clock.advance(61)
    assert (await raw.call("POST", path, {"content": "x"})).status == 200
    assert [each.kind for each in discord.record.refused] == ["limited"]
    assert not discord.record.violations


async def test_all_calls_together_but_those_of_interactions(
    settings: Settings, raw: RawBot, socket: Socket, ann: Person
) -> None:
    await raw.command("ping")
    settings.global_limit = 3
    answers = [await raw.call("GET", "/users/@me") for _ in range(5)]
    limited = answers[-1]
    assert limited.status == 429
    assert limited.said["global"] is True
    assert (limited.headers["X-RateLimit-Global"], limited.headers["X-RateLimit-Scope"]) == ("true", "global")
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "pong"})
    assert shown.how == "message"


async def test_too_many_invalid_requests_end_at_cloudflare(
    settings: Settings, discord: StandIn, raw: RawBot
) -> None:
    settings.invalid_limit = 3
    for _ in range(3):
        assert (await raw.call("GET", "/users/@me", token=False)).status == 401
    assert discord.limits.invalid == 3
    banned = await raw.call("GET", "/users/@me")
    assert (banned.status, banned.headers["Content-Type"].split(";")[0]) == (429, "text/html")
    discord.clock.advance(601)
    assert discord.limits.invalid == 0
    assert (await raw.call("GET", "/users/@me")).status == 200


async def test_where_the_gateway_is_and_how_often_it_may_be_entered(
    settings: Settings, discord: StandIn, raw: RawBot
) -> None:
    settings.shards, settings.max_concurrency = 4, 2
    await raw.start()
    assert (await raw.call("GET", "/gateway", token=False)).said == {"url": discord.gateway_url}
    said = (await raw.call("GET", "/gateway/bot")).said
    assert said["shards"] == 4
    assert said["session_start_limit"]["remaining"] == 999
    assert said["session_start_limit"]["max_concurrency"] == 2
