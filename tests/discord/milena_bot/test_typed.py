"""What people type into a modal pings nobody, and whom it mentions is kept as a player, not by Discord's id.

What becomes of it in a game that says it again: tests/discord/drawing/test_typed_moves.py.
"""

from pathlib import Path

from kit import commands
from processes import Bot
from standin import Person

HOSTILE = (
    "<@ANN>", "@everyone <@!ANN> **x** [a](https://x)", "a ``` <@ANN>", "- <@&7> @here", "<@ANN>\u202e<@ANN>",
)  # fmt: skip


async def ended(milena: Bot) -> None:
    milena.terminate()
    assert await milena.ends() == 0


def keeps(home_dir: Path, id: str) -> list[str]:
    """The files, but for the vault, that have the id."""
    files = [each for each in home_dir.rglob("*") if each.is_file() and not each.name.startswith("vault.db")]
    return [each.name for each in files if id.encode() in each.read_bytes()]


async def test_what_is_typed_as_a_move_pings_nobody_and_is_masked(
    milena: Bot, ann: Person, bob: Person, home_dir: Path
) -> None:
    board = (await bob.slash("play wordchain", machine="random")).message
    for text in HOSTILE:
        form = await bob.press(board, "Type a move")
        shown = await bob.submit(form, {"Your move": text.replace("ANN", ann.id)})
        assert shown.ephemeral
        assert ann.id not in shown.text
    assert not any(message.pings or ann.id in message.content for message in bob.sees())
    await ended(milena)
    assert commands(home_dir).count("move") == len(HOSTILE)
    assert keeps(home_dir, ann.id) == []


async def test_what_somebody_makes_a_button_say_is_masked_too(
    milena: Bot, ann: Person, bob: Person, home_dir: Path
) -> None:
    board = (await bob.slash("play tictactoe", machine="random")).message
    forged = f'1:a:{{"title":"<@{ann.id}>"}}:story start'
    assert "A story begins here: somebody" in (await bob.press(board, forged, anyway=True)).text
    listed = f'1:a:{{"game":"quiz","options":{{"q":["<@!{ann.id}>"]}}}}:open'
    assert (await bob.press(board, listed, anyway=True)).ephemeral
    await ended(milena)
    assert keeps(home_dir, ann.id) == []
