"""The line at which moves are typed, and what stands below it: the clocks, and what else can be asked for."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from rich.cells import cell_len

from milena.store import StoreError
from milena.terminal.clock import countdown
from milena.terminal.front import Scene

MENU = 3
"""Lines below the prompt for the moves that Tab lists."""
LONGEST_HINT = 52
LEAVE, LEAVE_SHORT = "quit or Ctrl-C: go on later", "quit"
TICK = 0.5
"""Seconds between two looks at the clocks, and at what others do."""


def clocks(scene: Scene, now: int, width: int) -> str:
    """The time that each player has left: ``ann 4:05, bob 5:00``; where that is too long, of those whose
    clocks run, and then of who is asked."""
    found = scene.history.game.clocks
    if found is None:
        return ""
    told = {
        seat: f"{scene.players[seat]} {countdown(found.remaining(seat, now))}"
        for seat in range(len(found.ends))
        if found.since[seat] or found.left[seat]
    }
    running = [text for seat, text in told.items() if found.since[seat]]
    own = [text for seat, text in told.items() if seat == scene.seat]
    texts = [", ".join(texts) for texts in (told.values(), running, own)]
    return next((text for text in texts if cell_len(text) <= width), "")


def toolbar(scene: Scene, now: int, width: int) -> str:
    """The clocks, and what can be typed beside a move; as much of it as there is room for."""
    time = clocks(scene, now, width // 2)
    tab = ["Tab: moves"] if scene.view.choices else []
    short = [*scene.words, LEAVE_SHORT]
    ways = (
        ["?: help", *tab, *scene.words, LEAVE],
        ["?: help", *tab, *short],
        ["?: help", *short],
        ["?: help"],
    )
    bars = [" " + "   ".join([time, *way] if time else way) for way in ways]
    return next((bar for bar in bars if cell_len(bar) < width), bars[-1])


def read_move(
    prompt: str, choices: Iterable[str], toolbar: Callable[[], str], overtaken: Callable[[], bool], draft: str
) -> tuple[str, bool]:
    """A line typed at the terminal, which begins with ``draft``; as far as it was typed, and True, as soon as
    it is ``overtaken``. Raises KeyboardInterrupt or EOFError on Ctrl-C or Ctrl-D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.application import get_app
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.shortcuts import CompleteStyle

    moves = list(choices)
    hint = ", ".join(moves)
    session: PromptSession[str] = PromptSession(
        completer=WordCompleter(moves, sentence=True),
        complete_while_typing=False,
        complete_style=CompleteStyle.MULTI_COLUMN,
        reserve_space_for_menu=MENU,
        placeholder=FormattedText([("#888888", hint if len(hint) <= LONGEST_HINT else "")]),
        bottom_toolbar=toolbar,
        refresh_interval=TICK,
        enable_suspend=True,  # Ctrl-Z; fg comes back
    )

    was_overtaken = False

    async def watch() -> None:
        nonlocal was_overtaken
        with suppress(StoreError):  # whoever looks next is told
            while not overtaken():
                await asyncio.sleep(TICK)
        if not get_app().is_done:
            was_overtaken = True
            get_app().exit(result=session.default_buffer.text)

    def begin() -> None:
        get_app().create_background_task(watch())

    line = session.prompt([("bold", prompt)], default=draft, pre_run=begin)
    return line, was_overtaken
