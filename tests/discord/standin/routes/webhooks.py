"""What comes after the first answer: the original, changed or taken away, and follow-ups."""

from standin import bodies
from standin.errors import UNKNOWN_MESSAGE, Json
from standin.interactions import Interaction
from standin.rest import Ask, Routes
from standin.world import EPHEMERAL, Message

routes = Routes()
HOOK = "/webhooks/{application}/{token}"


@routes("POST", HOOK, auth=False)
def follow_up(ask: Ask) -> Json:
    """One more message; the first one after "is thinking" takes its place."""
    interaction = _interaction(ask)
    said = bodies.check(ask, ask.said, ephemeral=True)
    if interaction.loading and interaction.original:
        _fill(ask, interaction, said)
        return interaction.original.json()
    only_for = interaction.user if (said.get("flags") or 0) & EPHEMERAL else None
    message = bodies.new(
        ask, interaction.channel, said, only_for=only_for, interaction=interaction.metadata()
    )
    interaction.followups.append(message)
    ask.discord.gateway.tell_message("MESSAGE_CREATE", message)
    return message.json()


@routes("GET", HOOK + "/messages/{message}", auth=False)
def get(ask: Ask) -> Json:
    return _message(ask, _interaction(ask)).json()


@routes("PATCH", HOOK + "/messages/{message}", auth=False)
def edit(ask: Ask) -> Json:
    interaction = _interaction(ask)
    message = _message(ask, interaction)
    said = bodies.check(ask, ask.said, ephemeral=True, editing=message)
    if interaction.loading and message is interaction.original:
        _fill(ask, interaction, said)
    else:
        bodies.change(ask, message, said)
    ask.discord.gateway.tell_message("MESSAGE_UPDATE", message)
    return message.json()


@routes("DELETE", HOOK + "/messages/{message}", auth=False)
def delete(ask: Ask) -> None:
    interaction = _interaction(ask)
    message = _message(ask, interaction)
    message.deleted = True
    if message is interaction.original:
        interaction.loading = False
    ask.discord.gateway.tell_message("MESSAGE_DELETE", message)


def _interaction(ask: Ask) -> Interaction:
    return ask.discord.desk.of_token(ask.ids["token"])


def _message(ask: Ask, interaction: Interaction) -> Message:
    wanted = ask.ids["message"]
    known = [each for each in (interaction.original, interaction.message, *interaction.followups) if each]
    found = interaction.original if wanted == "@original" else None
    found = found or next((each for each in known if each.id == wanted), None)
    if found is None or found.deleted:
        raise UNKNOWN_MESSAGE
    return found


def _fill(ask: Ask, interaction: Interaction, said: Json) -> None:
    """What was "thinking" has an answer. Whether it is ephemeral was said when it was deferred.

    It pings nobody: to Discord it is an edit, as bots have seen.
    """
    assert interaction.original
    bodies.change(ask, interaction.original, said, edited=False)
    interaction.loading = False
