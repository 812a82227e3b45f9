"""The first answer to an interaction: exactly one, in time, and of a type that fits."""

from standin import bodies
from standin.commands import check_choices
from standin.components import Components
from standin.errors import Form, Json
from standin.interactions import DEFER, DEFER_UPDATE, OFFER, OPEN_MODAL, SEND, UPDATE, Interaction
from standin.rest import Ask, Routes
from standin.world import EPHEMERAL, LOADING, Message

routes = Routes()


@routes("POST", "/interactions/{interaction}/{token}/callback", auth=False)
def callback(ask: Ask) -> Json | None:
    interaction = ask.discord.desk.to_answer(ask.ids["interaction"], ask.ids["token"])
    form = Form()
    kind = ask.said.get("type")
    form.choice("type", kind, tuple(interaction.may()))
    ask.discord.record.unknown_fields += [
        (ask.name, name) for name in ask.said if name not in ("type", "data")
    ]
    form.check()
    assert isinstance(kind, int)
    data = ask.said.get("data") or {}
    _perform(ask, interaction, kind, data)
    interaction.callback = kind
    interaction.answered_at = ask.arrived
    interaction.answered.set()
    if ask.query.get("with_response") not in ("1", "true", "True"):
        return None
    said: Json = {"interaction": {"id": interaction.id, "type": interaction.kind}, "resource": {"type": kind}}
    if interaction.original:
        said["interaction"] |= {
            "response_message_id": interaction.original.id,
            "response_message_loading": interaction.loading,
            "response_message_ephemeral": interaction.ephemeral,
        }
        said["resource"]["message"] = interaction.original.json()
    return said


def _perform(ask: Ask, interaction: Interaction, kind: int, data: Json) -> None:
    if kind == SEND:
        said = bodies.check(ask, data, "data.", ephemeral=True)
        interaction.ephemeral = bool((said.get("flags") or 0) & EPHEMERAL)
        _first_message(ask, interaction, said)
    elif kind == DEFER:
        interaction.loading = True
        interaction.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        message = _first_message(ask, interaction, {})
        message.flags |= LOADING
        message.versions.clear()
    elif kind == DEFER_UPDATE:
        interaction.original = interaction.message
    elif kind == UPDATE:
        assert interaction.message is not None
        said = bodies.check(ask, data, "data.", ephemeral=True, editing=interaction.message)
        interaction.original = interaction.message
        bodies.change(ask, interaction.message, said)
        ask.discord.gateway.tell_message("MESSAGE_UPDATE", interaction.message)
    elif kind == OFFER:
        interaction.choices = _offered(data, interaction)
    elif kind == OPEN_MODAL:
        form = Form()
        unknown: list[str] = []
        Components(form, unknown).modal("data", data)
        form.check()
        interaction.modal = data


def _first_message(ask: Ask, interaction: Interaction, said: Json) -> Message:
    only_for = interaction.user if interaction.ephemeral else None
    kind = 20 if interaction.kind == 2 else 19 if interaction.message else 0
    message = bodies.new(
        ask, interaction.channel, said, only_for=only_for, type=kind, interaction=interaction.metadata()
    )
    interaction.original = message
    ask.discord.gateway.tell_message("MESSAGE_CREATE", message)
    return message


def _offered(data: Json, interaction: Interaction) -> list[Json]:
    form = Form()
    choices = form.items("data.choices", data.get("choices"), 25)
    check_choices(form, "data.choices", choices, _focused(interaction.payload["data"].get("options", [])))
    form.check()
    return choices


def _focused(options: list[Json]) -> object:
    for option in options:
        if option.get("focused"):
            return option["type"]
        inside = _focused(option.get("options", []))
        if inside is not None:
            return inside
    return None
