"""What Discord refuses in the body of a message or a form, and how it says so."""

import json
from typing import Any

import pytest
from aiohttp import FormData
from raw import Json, RawBot
from standin import Person, StandIn
from standin.components import V2


def button(custom_id: str = "a", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id} | more


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def menu(count: int = 1, **more: Any) -> Json:
    options = [{"label": "x", "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "menu", "options": options} | more


def fields(count: int, value: str = "x") -> list[Json]:
    return [{"name": "x", "value": value} for _ in range(count)]


FITS: list[Json] = [
    {"content": "x" * 2000},
    {"embeds": [{"title": "x" * 256, "description": "x" * 4096}] + [{"title": "x"}] * 9},
    {"embeds": [{"fields": fields(25)}]},
    {"content": "x", "components": [row(*(button(f"{r}{c}") for c in range(5))) for r in range(5)]},
    {"content": "x", "components": [row(button("x" * 100, label="x" * 80))]},
    {"content": "x", "components": [row(menu(25, max_values=25, placeholder="x" * 150))]},
    {
        "content": "x",
        "components": [row({"type": 2, "style": 5, "label": "x", "url": "https://example.org"})],
    },
    {"content": "x", "components": [row(button(label=None, emoji={"name": "🎲"}))]},
    {"content": "x", "flags": 1 << 12, "nonce": "x" * 25, "tts": False},
    {"content": "x", "allowed_mentions": {"parse": [], "users": ["1", "2"]}},
    {"flags": V2, "components": [{"type": 10, "content": "x" * 4000}]},
    {"flags": V2, "components": [{"type": 17, "components": [row(button()), {"type": 14}]}]},
]

FAILS: list[tuple[Json, list[str]]] = [
    ({"content": "x" * 2001}, ["content BASE_TYPE_MAX_LENGTH"]),
    ({"content": 5}, ["content STRING_TYPE_CONVERT"]),
    ({"content": "x", "nonce": "x" * 26}, ["nonce BASE_TYPE_MAX_LENGTH"]),
    ({"content": "x", "flags": 64}, ["flags MESSAGE_FLAGS_INVALID"]),
    ({"embeds": [{"title": "x"}] * 11}, ["embeds BASE_TYPE_BAD_LENGTH"]),
    ({"embeds": [{"title": "x" * 257}]}, ["embeds.0.title BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": [{"description": "x" * 4097}]}, ["embeds.0.description BASE_TYPE_MAX_LENGTH"]),
    ({"embeds": [{"fields": fields(26)}]}, ["embeds.0.fields BASE_TYPE_BAD_LENGTH"]),
    ({"embeds": [{"fields": fields(1, "")}]}, ["embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"]),
    ({"embeds": [{"fields": fields(1, "x" * 1025)}]}, ["embeds.0.fields.0.value BASE_TYPE_BAD_LENGTH"]),
    ({"embeds": [{"footer": {"text": "x" * 2049}}]}, ["embeds.0.footer.text BASE_TYPE_BAD_LENGTH"]),
    ({"embeds": [{"description": "x" * 3001}] * 2}, ["embeds MAX_EMBED_SIZE_EXCEEDED"]),
    ({"embeds": [{"image": {"url": "file:///x"}}]}, ["embeds.0.image.url URL_TYPE_INVALID_SCHEME"]),
    (
        {"content": "x", "components": [row(button(str(number))) for number in range(6)]},
        ["components BASE_TYPE_BAD_LENGTH"],
    ),
    (
        {"content": "x", "components": [row(*(button(str(number)) for number in range(6)))]},
        ["components.0.components BASE_TYPE_BAD_LENGTH"],
    ),
    ({"content": "x", "components": [row()]}, ["components.0.components BASE_TYPE_BAD_LENGTH"]),
    ({"content": "x", "components": [button()]}, ["components.0.type BASE_TYPE_CHOICES"]),
    (
        {"content": "x", "components": [row(button("x" * 101))]},
        ["components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"],
    ),
    (
        {"content": "x", "components": [row(button(), button())]},
        ["components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"],
    ),
    (
        {"content": "x", "components": [row(button(label="x" * 81))]},
        ["components.0.components.0.label BASE_TYPE_MAX_LENGTH"],
    ),
    (
        {"content": "x", "components": [row(button(label=""))]},
        ["components.0.components.0.label BUTTON_COMPONENT_LABEL_REQUIRED"],
    ),
    (
        {"content": "x", "components": [row(button(url="https://example.org"))]},
        ["components.0.components.0 BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"],
    ),
    (
        {"content": "x", "components": [row(button(style=9))]},
        ["components.0.components.0.style BASE_TYPE_CHOICES"],
    ),
    (
        {"content": "x", "components": [row(menu(26))]},
        ["components.0.components.0.options BASE_TYPE_BAD_LENGTH"],
    ),
    (
        {"content": "x", "components": [row(menu(2, max_values=3))]},
        ["components.0.components.0.max_values SELECT_COMPONENT_MAX_VALUES_TOO_LARGE"],
    ),
    (
        {"content": "x", "components": [row(menu(), button())]},
        ["components.0.components COMPONENT_LAYOUT_WIDTH_EXCEEDED"],
    ),
    (
        {"content": "x", "components": [row(menu(options=[{"label": "x", "value": "x"}] * 2))]},
        ["components.0.components.0.options.1 SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"],
    ),
    (
        {"content": "x", "components": [row({"type": 4, "style": 1, "label": "x", "custom_id": "x"})]},
        ["components.0.components.0.type BASE_TYPE_CHOICES"],
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        ["allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"],
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        ["allowed_mentions.parse.0 BASE_TYPE_CHOICES"],
    ),
    ({"content": "x", "attachments": [{"id": 0}]}, ["attachments.0.id ATTACHMENT_NOT_FOUND"]),
    (
        {"flags": V2, "content": "x", "components": [{"type": 10, "content": "x"}]},
        ["content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"],
    ),
    (
        {"flags": V2, "components": [{"type": 10, "content": "x" * 2001}] * 2},
        ["components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"],
    ),
]


@pytest.mark.parametrize("body", FITS)
async def test_what_fits(discord: StandIn, raw: RawBot, ann: Person, body: Json) -> None:
    answer = await raw.call("POST", f"/channels/{ann.channel.id}/messages", body)
    assert answer.status == 200, answer
    assert not discord.record.violations
    assert not discord.record.unknown_fields


@pytest.mark.parametrize(("body", "wrong"), FAILS)
async def test_what_does_not(
    discord: StandIn, raw: RawBot, ann: Person, body: Json, wrong: list[str]
) -> None:
    answer = await raw.call("POST", f"/channels/{ann.channel.id}/messages", body)
    assert (answer.status, answer.code, answer.said["message"]) == (400, 50035, "Invalid Form Body")
    assert answer.wrong == wrong
    assert len(discord.record.violations) == 1
    assert not ann.sees()


async def test_empty_messages_and_other_nonsense(discord: StandIn, raw: RawBot, ann: Person) -> None:
    path = f"/channels/{ann.channel.id}/messages"
    assert (await raw.call("POST", path, {})).code == 50006
    assert (await raw.call("POST", path, {"content": "", "embeds": []})).code == 50006
    assert (await raw.call("POST", path, [])).code == 50109
    said = (await raw.call("POST", path, {"content": "x"})).said
    assert (await raw.call("PATCH", f"{path}/{said['id']}", {"content": ""})).code == 50006
    assert (await raw.call("GET", "/no/such/route")).status == 404
    assert (await raw.call("POST", path, {"content": "x"}, token=False)).status == 401
    assert len(discord.record.violations) == 6


async def test_fields_that_nobody_knows_are_noted(discord: StandIn, raw: RawBot, ann: Person) -> None:
    body = {"content": "x", "colour": 1, "embeds": [{"titel": 1}], "components": [row(button(size=3))]}
    assert (await raw.call("POST", f"/channels/{ann.channel.id}/messages", body)).status == 200
    assert [name for _, name in discord.record.unknown_fields] == [
        "colour",
        "embeds.0.titel",
        "components.0.components.0.size",
    ]


async def test_files_come_in_parts(discord: StandIn, raw: RawBot, ann: Person) -> None:
    def form(name: str, content: bytes, said: Json) -> FormData:
        form = FormData()
        form.add_field("payload_json", json.dumps(said), content_type="application/json")
        form.add_field("files[0]", content, filename=name, content_type="image/png")
        return form

    path = f"/channels/{ann.channel.id}/messages"
    said = {"content": "board", "attachments": [{"id": 0, "description": "a board"}]}
    sent = await raw.call("POST", path, data=form("board.png", b"PNG", said))
    attachment = sent.said["attachments"][0]
    assert (attachment["filename"], attachment["description"], attachment["size"]) == (
        "board.png",
        "a board",
        3,
    )
    assert discord.uploads[attachment["url"]] == b"PNG"
    async with raw.http.get(attachment["url"]) as download:
        assert await download.read() == b"PNG"
    assert discord.record.calls[-1].files == {"files[0]": b"PNG"}
    picture = {"embeds": [{"image": {"url": "attachment://board.png"}}]}
    shown = await raw.call("POST", path, data=form("board.png", b"PNG", picture))
    assert shown.said["embeds"][0]["image"]["url"] == shown.said["attachments"][0]["url"]
    await raw.call("PATCH", f"{path}/{shown.said['id']}", picture | {"attachments": []})
    assert discord.record.unknown_fields == [
        ("PATCH /channels/{channel}/messages/{message}", "attachment://board.png")
    ]
    changed = await raw.call(
        "PATCH", f"{path}/{sent.said['id']}", data=form("next.png", b"NEXT", {"attachments": []})
    )
    assert [each["filename"] for each in changed.said["attachments"]] == ["next.png"]
    large = await raw.call("POST", path, data=form("large.png", b"x" * (10 * 1024 * 1024 + 1), {}))
    assert (large.status, large.code) == (413, 40005)
