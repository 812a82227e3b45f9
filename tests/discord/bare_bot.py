"""A small bot on interactions.py as it comes, for tests of the stand-in: its pitfalls are left in."""

import asyncio
import io
import logging
import os
import signal

import interactions
from interactions import (
    ActionRow,
    AutocompleteContext,
    Button,
    ButtonStyle,
    ComponentContext,
    ContextMenuContext,
    File,
    LocalisedName,
    Modal,
    ModalContext,
    OptionType,
    ShortText,
    SlashCommand,
    SlashContext,
    StringSelectMenu,
    component_callback,
    listen,
    message_context_menu,
    modal_callback,
    slash_command,
    slash_option,
    user_context_menu,
)
from interactions.api.http.route import Route


@slash_command("ping", description="Answers pong")
async def ping(ctx: SlashContext) -> None:
    print("ping", flush=True)
    await ctx.send("pong")


@slash_command("secret", description="Only for you")
async def secret(ctx: SlashContext) -> None:
    await ctx.send("psst", ephemeral=True)


@slash_command("think", description="Takes its time")
async def think(ctx: SlashContext) -> None:
    await ctx.defer(ephemeral=True)
    await ctx.send("thought")
    await ctx.send("more", ephemeral=True)


@slash_command("silence", description="Never answers")
async def silence(ctx: SlashContext) -> None:
    print("silence", flush=True)


@slash_command("game", description="Games", sub_cmd_name="start", sub_cmd_description="Start a game")
@slash_option("opponent", "Who", opt_type=OptionType.USER, required=True)
@slash_option("rounds", "How many", opt_type=OptionType.INTEGER, min_value=1, max_value=9)
@slash_option("word", "Which", opt_type=OptionType.STRING, autocomplete=True)
async def start(ctx: SlashContext, opponent: interactions.Member, rounds: int = 1, word: str = "") -> None:
    row = ActionRow(
        Button(style=ButtonStyle.PRIMARY, label="Play", custom_id="play"),
        Button(style=ButtonStyle.SECONDARY, label="Nobody listens", custom_id="nobody"),
        Button(style=ButtonStyle.SECONDARY, label="Form", custom_id="form"),
    )
    menu = ActionRow(StringSelectMenu("red", "blue", custom_id="colour", placeholder="Colour"))
    await ctx.send(f"{opponent.mention} {rounds} {word}".strip(), components=[row, menu])


@start.autocomplete("word")
async def words(ctx: AutocompleteContext) -> None:
    known = ("apple", "apricot", "pear")
    await ctx.send([each for each in known if each.startswith(ctx.input_text)])


@component_callback("play")
async def play(ctx: ComponentContext) -> None:
    await ctx.edit_origin(content=f"{ctx.author.username} played")


@component_callback("colour")
async def colour(ctx: ComponentContext) -> None:
    await ctx.send(f"{ctx.author.username} chose {ctx.values[0]}", ephemeral=True)


@component_callback("form")
async def form(ctx: ComponentContext) -> None:
    await ctx.send_modal(
        Modal(ShortText(label="Move", custom_id="move"), title="Your move", custom_id="moved")
    )


@modal_callback("moved")
async def moved(ctx: ModalContext, move: str) -> None:
    await ctx.send(f"moved {move}")


@user_context_menu("Greet")
async def greet(ctx: ContextMenuContext) -> None:
    await ctx.send(f"Hello {ctx.target.display_name}")


@message_context_menu("Quote")
async def quote(ctx: ContextMenuContext) -> None:
    await ctx.send(f"> {ctx.target.content}")


@slash_command("draw", description="Sends a picture")
async def draw(ctx: SlashContext) -> None:
    await ctx.send(file=File(io.BytesIO(b"a picture"), file_name="board.txt", description="A board"))


@slash_command("post", description="Sends to the channel, so many")
@slash_option("number", "How many", opt_type=OptionType.INTEGER, required=True)
@slash_option("where", "Where", opt_type=OptionType.CHANNEL)
async def post(ctx: SlashContext, number: int, where: interactions.GuildText | None = None) -> None:
    await ctx.defer()
    channel = where or ctx.channel
    for each in range(number):
        await channel.send(f"post {each}")
    await ctx.send("posted")


@slash_command("buckets", description="How many routes it remembers the limits of")
async def buckets(ctx: SlashContext) -> None:
    await ctx.send(str(len(ctx.client.http._endpoints)))


@listen()
async def on_startup() -> None:
    print("started", flush=True)


async def hello(ctx: SlashContext) -> None:
    await ctx.send("hello")


async def main() -> None:
    Route.BASE = os.environ["MILENA_DISCORD_API"]
    logging.basicConfig(level=logging.INFO)
    shards = os.environ.get("SHARDS", "0/1").split("/")
    bot = interactions.Client(
        token=os.environ["DISCORD_TOKEN"],
        intents=interactions.Intents(int(os.environ.get("INTENTS", interactions.Intents.GUILDS))),
        shard_id=int(shards[0]),
        total_shards=int(shards[1]),
        send_command_tracebacks=False,
    )
    if os.environ.get("LOCALISED"):
        name = LocalisedName(english_us="hello", german="hallo")
        bot.add_command(SlashCommand(name=name, description="Says hello", callback=hello))
    # The library's own limit of 45 calls a second for everything, answers to interactions too.
    bot.http.global_lock.max_requests = int(os.environ.get("CALLS_A_SECOND", "45"))
    if os.environ.get("STOP_ON_SIGTERM"):
        stop = lambda: asyncio.ensure_future(bot.stop())  # noqa: E731
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    await bot.astart()
    print("ended", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
