"""Buttons, menus and modals: what their custom ids say is done, for whoever used them."""

from milena.discord.asked import Asked
from milena.discord.calling import Caller
from milena.discord.reply import Outcome, Reply
from milena.domain.refusal import Refused


class Doer:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def pressed(self, asked: Asked, reply: Reply) -> Outcome:
        raise Refused("old_button", "That button is of an older Milena, and does nothing any more.")

    async def submitted(self, asked: Asked, reply: Reply) -> Outcome:
        raise Refused("old_form", "That form is of an older Milena, and does nothing any more.")
