"""The rules of interactions: one first answer, in time, of a type that fits; then a webhook for a while."""

import asyncio
from typing import Any

import pytest
from raw import Json, RawBot, Socket
from standin import CannotDo, File, Guild, Person, Settings, StandIn

ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
FORM = {
    "title": "Your move",
    "custom_id": "form",
    "components": [
        {"type": 1, "components": [{"type": 4, "style": 1, "label": "Move", "custom_id": "move"}]}
    ],
}


@pytest.fixture(autouse=True)
async def declared(raw: RawBot) -> Json:
    return await raw.command("ping")


async def asked(socket: Socket, ann: Person) -> tuple[asyncio.Future[Any], Json]:
    """Ann asks; the interaction, not answered yet."""
    asking = asyncio.ensure_future(ann.slash("ping"))
    return asking, await socket.event("INTERACTION_CREATE")


async def test_the_first_answer_is_the_only_one(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "pong"})
    assert (shown.how, shown.text, shown.ephemeral) == ("message", "pong", False)
    assert 0 <= shown.latency < 3
    assert not discord.record.violations
    second = await raw.answer(interaction, 4, {"content": "pong again"})
    assert (second.status, second.code) == (400, 40060)
    assert len(discord.record.violations) == 1
    assert [message.text for message in ann.sees()] == ["pong"]


async def test_an_answer_that_comes_late_is_for_nobody(
    settings: Settings, discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    settings.answer_within = 0.1
    asking, interaction = await asked(socket, ann)
    assert (await asking).how == "did not respond"
    late = await raw.answer(interaction, 4, {"content": "pong"})
    assert (late.status, late.code) == (404, 10062)
    assert not ann.sees()


async def test_nobody_answers_where_no_bot_is(settings: Settings, raw: RawBot, ann: Person) -> None:
    settings.answer_within = 0.1
    assert (await ann.slash("ping")).how == "did not respond"


async def test_a_wrong_token_is_of_no_interaction(raw: RawBot, socket: Socket, ann: Person) -> None:
    asking, interaction = await asked(socket, ann)
    assert (await raw.answer(interaction | {"token": "other"}, 4, {"content": "x"})).code == 10062
    await raw.answer(interaction, 4, {"content": "pong"})
    await asking


@pytest.mark.parametrize("kind", [1, 2, 3, 6, 7, 8, 10, 99, "4", None])
async def test_types_that_do_not_fit_a_command(raw: RawBot, socket: Socket, ann: Person, kind: int) -> None:
    asking, interaction = await asked(socket, ann)
    refused = await raw.answer(interaction, kind, {"content": "x"})
    assert refused.wrong == ["type BASE_TYPE_CHOICES"]
    assert (await raw.answer(interaction, 4, {"content": "x"})).status == 204
    await asking


async def test_a_refused_body_leaves_time_for_another(raw: RawBot, socket: Socket, ann: Person) -> None:
    asking, interaction = await asked(socket, ann)
    refused = await raw.answer(interaction, 4, {"content": "x" * 2001})
    assert (refused.code, refused.wrong) == (50035, ["data.content BASE_TYPE_MAX_LENGTH"])
    await raw.answer(interaction, 4, {"content": "x" * 2000})
    assert len((await asking).text) == 2000


async def test_thinking_becomes_a_message(raw: RawBot, socket: Socket, ann: Person) -> None:
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 5)
    assert shown.how == "thinking"
    assert shown.message.flags == 128
    assert (await raw.hook("GET", interaction, "/messages/@original")).said["flags"] == 128
    answer = await raw.hook("PATCH", interaction, "/messages/@original", {"content": "pong"})
    assert (answer.status, answer.said["content"], answer.said["flags"]) == (200, "pong", 0)
    assert (shown.how, shown.text) == ("message", "pong")


async def test_the_first_follow_up_takes_the_place_of_thinking(
    raw: RawBot, socket: Socket, ann: Person, bob: Person
) -> None:
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 5, {"flags": 64})
    await raw.hook("POST", interaction, body={"content": "thought"})
    await raw.hook("POST", interaction, body={"content": "more"})
    assert (await shown.settled()).text == "thought"
    assert shown.ephemeral
    assert [each.text for each in shown.followups] == ["more"]
    assert [each.text for each in ann.sees()] == ["thought", "more"]
    assert [each.text for each in bob.sees()] == ["more"]


async def test_ephemeral_messages_are_for_one(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person, bob: Person
) -> None:
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "psst", "flags": 64})
    assert shown.ephemeral
    assert ann.sees() == [shown.message]
    assert bob.sees() == []
    path = f"/channels/{ann.channel.id}/messages/{shown.message.id}"
    assert (await raw.call("PATCH", path, {"content": "loud"})).code == 10008
    assert (await raw.hook("PATCH", interaction, "/messages/@original", {"content": "pst"})).status == 200
    with pytest.raises(CannotDo):
        await bob.press(shown.message, 0)
    assert (await raw.hook("DELETE", interaction, "/messages/@original")).status == 204
    assert ann.sees() == []
    assert (await raw.hook("GET", interaction, "/messages/@original")).code == 10008


async def test_the_webhook_opens_with_the_answer_and_closes_after_a_quarter_of_an_hour(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    asking, interaction = await asked(socket, ann)
    early = await raw.hook("POST", interaction, body={"content": "x"})
    assert (early.status, early.code) == (404, 10015)
    await raw.answer(interaction, 4, {"content": "pong"})
    await asking
    discord.clock.advance(14 * 60)
    assert (await raw.hook("PATCH", interaction, "/messages/@original", {"content": "x"})).status == 200
    discord.clock.advance(61)
    late = await raw.hook("PATCH", interaction, "/messages/@original", {"content": "y"})
    assert (late.status, late.code) == (401, 50027)


async def test_the_response_is_sent_back_on_request(raw: RawBot, socket: Socket, ann: Person) -> None:
    asking, interaction = await asked(socket, ann)
    answer = await raw.answer(interaction, 4, {"content": "pong"}, query="?with_response=true")
    assert answer.status == 200
    assert answer.said["resource"]["message"]["content"] == "pong"
    assert answer.said["interaction"]["response_message_id"] == (await asking).message.id


async def test_buttons_change_their_message(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person, bob: Person
) -> None:
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "board", "components": [ROW]})
    board = shown.message
    assert board.labels == ["Go"]
    pressed, interaction = await raw.meet(socket, bob.press(board, "Go"), 7, {"content": "moved"})
    assert interaction["message"]["id"] == board.id
    assert interaction["member"]["user"]["id"] == bob.id
    assert (pressed.how, pressed.message, board.content) == ("updated", board, "moved")
    assert [each["content"] for each in board.versions] == ["board", "moved"]
    pressed, interaction = await raw.meet(socket, ann.press(board, "go"), 6)
    assert pressed.how == "nothing"
    await raw.hook("PATCH", interaction, "/messages/@original", {"content": "later"})
    assert board.content == "later"
    pressed, _ = await raw.meet(socket, ann.press(board, 0), 4, {"content": "no", "flags": 64})
    assert pressed.message.type == 19
    pressed, _ = await raw.meet(socket, ann.press(board, "old:1", anyway=True), 4, {"content": "moved on"})
    assert pressed.text == "moved on"
    assert not discord.record.violations


async def test_people_press_only_what_they_see(raw: RawBot, socket: Socket, ann: Person) -> None:
    row = {"type": 1, "components": [ROW["components"][0] | {"disabled": True}]}  # type: ignore[index]
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x", "components": [row]})
    with pytest.raises(CannotDo, match="cannot be pressed"):
        await ann.press(shown.message, "Go")
    with pytest.raises(CannotDo, match="there is no"):
        await ann.press(shown.message, "Stop")
    shown.message.deleted = True
    with pytest.raises(CannotDo, match="to be seen"):
        await ann.press(shown.message, "Go")


async def test_menus_of_choices_and_of_people(raw: RawBot, socket: Socket, ann: Person, bob: Person) -> None:
    options = [{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]
    menus = [
        {"type": 1, "components": [{"type": 3, "custom_id": "colour", "options": options, "max_values": 2}]},
        {"type": 1, "components": [{"type": 5, "custom_id": "who"}]},
    ]
    shown, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "x", "components": menus})
    _, interaction = await raw.meet(socket, ann.choose(shown.message, "Red", "b"), 6)
    assert interaction["data"]["values"] == ["r", "b"]
    _, interaction = await raw.meet(socket, ann.choose(shown.message, bob, menu="who"), 6)
    assert interaction["data"]["resolved"]["users"][bob.id]["username"] == "bob"
    for wrong in (("Green",), ("r", "b", "r")):
        with pytest.raises(CannotDo):
            await ann.choose(shown.message, *wrong)


async def test_a_form_is_opened_filled_in_and_answered(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    board, _ = await raw.meet(socket, ann.slash("ping"), 4, {"content": "board", "components": [ROW]})
    form, opening = await raw.meet(socket, ann.press(board.message, "Go"), 9, FORM)
    assert form.how == "form"
    assert (await raw.hook("GET", opening, "/messages/@original")).code == 10008
    with pytest.raises(CannotDo, match="too few"):
        await ann.submit(form, {"Move": ""})
    asking = asyncio.ensure_future(ann.submit(form, {"move": "e4"}))
    interaction = await socket.event("INTERACTION_CREATE")
    assert interaction["data"]["components"][0]["components"][0]["value"] == "e4"
    assert (await raw.answer(interaction, 9, FORM)).wrong == ["type BASE_TYPE_CHOICES"]
    await raw.answer(interaction, 7, {"content": "e4 played"})
    await asking
    assert board.text == "e4 played"


async def test_a_form_with_labels_and_a_menu(raw: RawBot, socket: Socket, ann: Person) -> None:
    options = [{"label": "Queen", "value": "q"}]
    parts = [
        {"type": 18, "label": "Move", "component": {"type": 4, "style": 1, "custom_id": "move"}},
        {"type": 18, "label": "Piece", "component": {"type": 3, "custom_id": "piece", "options": options}},
    ]
    form, _ = await raw.meet(socket, ann.slash("ping"), 9, FORM | {"components": parts})
    _, interaction = await raw.meet(
        socket, ann.submit(form, {"Move": "e8", "piece": ["q"]}), 4, {"content": "x"}
    )
    inside = [each["component"] for each in interaction["data"]["components"]]
    assert [each.get("value") or each["values"] for each in inside] == ["e8", ["q"]]


async def test_options_are_checked_and_resolved(
    discord: StandIn, raw: RawBot, socket: Socket, club: Guild, ann: Person, bob: Person
) -> None:
    kinds = {"who": 6, "where": 7, "role": 8, "any": 9, "file": 11, "sure": 5, "ratio": 10}
    options = [
        {"type": 3, "name": "word", "description": "x", "required": True, "min_length": 2, "max_length": 5},
        {"type": 4, "name": "number", "description": "x", "min_value": 1, "max_value": 9},
        {"type": 3, "name": "size", "description": "x", "choices": [{"name": "Big", "value": "b"}]},
        *({"type": kind, "name": name, "description": "x"} for name, kind in kinds.items()),
    ]
    inside = [{"type": 2, "name": "set", "description": "x", "options": [
        {"type": 1, "name": "up", "description": "x", "options": options}]}]  # fmt: skip
    await raw.command("config", options=inside)
    role = club.role("players")
    given = {"word": "abc", "number": 3, "size": "Big", "who": bob, "where": ann.channel, "role": role,
             "any": role, "file": File("a.txt", b"a"), "sure": True, "ratio": 0.5}  # fmt: skip
    _, interaction = await raw.meet(socket, ann.slash("config set up", **given), 4, {"content": "x"})
    data = interaction["data"]
    assert (data["options"][0]["name"], data["options"][0]["options"][0]["name"]) == ("set", "up")
    said = {each["name"]: each["value"] for each in data["options"][0]["options"][0]["options"]}
    assert {name: said[name] for name in ("word", "number", "size", "who", "sure", "ratio")} == {
        "word": "abc", "number": 3, "size": "b", "who": bob.id, "sure": True, "ratio": 0.5,
    }  # fmt: skip
    assert data["resolved"].keys() == {"users", "members", "channels", "roles", "attachments"}
    for wrong in (
        {}, {"word": "a"}, {"word": "abcdef"}, {"word": "abc", "number": 10}, {"word": "abc", "size": "s"},
        {"word": "abc", "other": 1}, {"word": 1}, {"word": "abc", "who": "bob"},
    ):  # fmt: skip
        with pytest.raises(CannotDo):
            await ann.slash("config set up", **wrong)
    for path in ("config", "config set", "config get up", "nothing"):
        with pytest.raises(CannotDo):
            await ann.slash(path)


async def test_completion_offers_25_at_most(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    option = {"type": 3, "name": "move", "description": "x", "autocomplete": True}
    await raw.command("move", options=[option])
    offers = [{"name": str(number), "value": str(number)} for number in range(26)]
    asking = asyncio.ensure_future(ann.complete("move", "move", "e"))
    interaction = await socket.event("INTERACTION_CREATE")
    assert interaction["data"]["options"] == [{"name": "move", "type": 3, "value": "e", "focused": True}]
    assert (await raw.answer(interaction, 8, {"choices": offers})).wrong == [
        "data.choices BASE_TYPE_BAD_LENGTH"
    ]
    wrong = [{"name": "x" * 101, "value": 1}]
    assert sorted((await raw.answer(interaction, 8, {"choices": wrong})).wrong) == [
        "data.choices.0.name BASE_TYPE_BAD_LENGTH",
        "data.choices.0.value STRING_TYPE_CONVERT",
    ]
    assert (await raw.answer(interaction, 4, {"content": "x"})).wrong == ["type BASE_TYPE_CHOICES"]
    await raw.answer(interaction, 8, {"choices": offers[:25]})
    assert (await asking).choices[1] == ("1", "1")
    with pytest.raises(CannotDo, match="no option"):
        await ann.complete("ping", "move", "e")


async def test_context_menus(raw: RawBot, socket: Socket, ann: Person, bob: Person) -> None:
    await raw.command("Greet", type=2, description="")
    await raw.command("Quote", type=3, description="")
    said = bob.say("hello")
    _, interaction = await raw.meet(socket, ann.menu("Greet", bob), 4, {"content": "x"})
    assert interaction["data"]["target_id"] == bob.id
    assert interaction["data"]["resolved"]["members"].keys() == {bob.id}
    _, interaction = await raw.meet(socket, ann.menu("Quote", said), 4, {"content": "x"})
    assert interaction["data"]["resolved"]["messages"][said.id]["content"] == "hello"


async def test_direct_messages(discord: StandIn, raw: RawBot, socket: Socket, ann: Person) -> None:
    alone = ann.at(None)
    shown, interaction = await raw.meet(socket, alone.slash("ping"), 4, {"content": "pong"})
    assert interaction["user"]["id"] == ann.id
    assert (interaction["context"], "member" in interaction) == (1, False)
    assert ann.inbox == [shown.message]
    await raw.command("here", contexts=[0])
    with pytest.raises(CannotDo):
        await alone.slash("here")
    opened = await raw.call("POST", "/users/@me/channels", {"recipient_id": ann.id})
    await raw.call("POST", f"/channels/{opened.said['id']}/messages", {"content": "your turn"})
    assert [each.text for each in ann.inbox] == ["pong", "your turn"]
    discord.world.closed_to_bot.add(ann.id)
    refused = await raw.call("POST", f"/channels/{opened.said['id']}/messages", {"content": "x"})
    assert refused.code == 50007


async def test_interactions_again_and_in_another_order(
    discord: StandIn, raw: RawBot, socket: Socket, ann: Person
) -> None:
    discord.faults.repeat = 2
    shown, interaction = await raw.meet(socket, ann.slash("ping"), 4, {"content": "pong"})
    for _ in range(2):
        assert await socket.event("INTERACTION_CREATE") == interaction
    assert shown.interaction.deliveries == 3
    discord.faults.repeat = 0
    discord.faults.hold()
    asking = [asyncio.ensure_future(ann.slash("ping")) for _ in range(5)]
    await asyncio.sleep(0)
    made = [each.id for each in list(discord.desk.all.values())[1:]]
    discord.faults.release(seed=1)
    came = [await socket.event("INTERACTION_CREATE") for _ in range(5)]
    assert sorted(each["id"] for each in came) == sorted(made)
    assert [each["id"] for each in came] != made
    for each in came:
        await raw.answer(each, 4, {"content": "pong"})
    await asyncio.gather(*asking)
    discord.faults.redeliver(2, seed=2)
    again = [(await socket.event("INTERACTION_CREATE"))["id"] for _ in range(12)]
    assert sorted(again) == sorted([*made, interaction["id"]] * 2)
