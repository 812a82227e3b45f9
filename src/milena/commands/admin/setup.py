"""/setup: a server is set up, one page a question; and what is set here and what is not.

The pages are the steps of :mod:`milena.domain.guild.steps`. Where somebody is on the way is in what they
press next, and nowhere else: each page can be come back to, also after a restart.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins

from milena.domain.command import Action, Command, Desk, Pick, Result, Sight
from milena.domain.guild import Guild
from milena.domain.guild.requests import ChangePermission, ChangeSetting
from milena.domain.guild.settings import RECOMMENDED, SETTINGS, setting, worded
from milena.domain.guild.steps import COMMANDS, DEFAULT, STEPS, StepName, chosen, page
from milena.domain.guild.targets import check_own
from milena.domain.refusal import Refused

DONE = "done"
CHOSEN: dict[str, str] = {"roles": "a role", "channels": "a channel", "choices": "one"}


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    step: Annotated[
        Literal[StepName, "", "done"], Meta(description="which question; without it, what is set")
    ] = ""
    value: Annotated[
        str, Meta(max_length=100, description="what it shall be: the answer to that question")
    ] = ""
    apply: Annotated[
        Literal["", "recommended"], Meta(description="set what is recommended, where nothing is set")
    ] = ""


def run(desk: Desk, options: Options) -> Result:
    if options.apply:
        return _recommended(desk)
    if not options.value:
        return {}
    if options.step == "" or options.step == "done":
        raise Refused("bad_option", f"Say for which step: {', '.join(STEPS)}.")
    asked = desk.invocation
    words, request = chosen(desk.guild, options.step, options.value, asked.player, asked.time)
    if isinstance(request, ChangePermission):
        check_own(desk.commands, desk.guild, asked, request.target)
    if request is not None:
        desk.act("guild", desk.guild.key, request)
    return {"chosen": words}


def _recommended(desk: Desk) -> Result:
    asked, open_ = desk.invocation, _open(desk.guild)
    if not open_:
        raise Refused("unchanged", "All that is recommended is set already; /config view shows how.")
    for name, value in open_.items():
        desk.act("guild", desk.guild.key, ChangeSetting(name, value, asked.player, asked.time))
    return {"set": list(open_)}


def _open(guild: Guild) -> dict[str, Any]:
    """What is recommended, and was not set here: what somebody has set stays as it is."""
    return {name: value for name, value in RECOMMENDED.items() if name not in guild.settings}


def show(sight: Sight, options: Options, result: Result) -> Result:
    said = f"✓ {result['chosen']}.\n" if "chosen" in result else ""
    step: str = options.step
    if said and step != COMMANDS:  # there may be more than one thing to say there
        step = _next(step)
    told = _page(sight.guild, step) if step in STEPS else _overview(sight.guild, result, done=step == DONE)
    return {**told, "says": said + told["says"]}


def _page(guild: Guild, step: StepName) -> Result:
    asked, at = page(guild, step), STEPS.index(step)
    says = f"Step {at + 1} of {len(STEPS)}: {asked.title}\n{asked.help}\nNow: {asked.now}."
    before = {"step": STEPS[at - 1]} if at else {}
    actions = [Action("Back", "setup", before)]
    if asked.set and step != COMMANDS:
        actions.append(Action("Take it back", "setup", {"step": step, "value": DEFAULT}, "bad"))
    actions.append(Action("Next" if asked.set else "Skip", "setup", {"step": _next(step)}, "first"))
    pick = Pick(
        f"{asked.title}: choose {CHOSEN[asked.of]}", "setup", "value", {"step": step}, asked.of,
        asked.choices, asked.chosen,
    )  # fmt: skip
    return {"says": says, "picks": [to_builtins(pick)], "actions": [to_builtins(each) for each in actions]}


def _next(step: str) -> str:
    return (*STEPS, DONE)[STEPS.index(step) + 1] if step in STEPS else DONE


def _overview(guild: Guild, result: Result, *, done: bool) -> Result:
    open_ = _open(guild)
    lines = ["That was all. You can come back to it at any time."] if done else []
    lines += [f"Set now: {', '.join(result['set'])}."] if "set" in result else []
    for each in SETTINGS.values():
        if each.name in guild.settings:
            lines.append(f"✓ {each.name}: {worded(each, setting(guild, each.name))}")
        else:
            advice = f"; recommended: {worded(each, open_[each.name])}" if each.name in open_ else ""
            lines.append(f"– {each.name}: {worded(each, each.default)}{advice}")
        lines.append(f"  {each.help}")
    rules = sum(map(len, guild.rules.values()))
    lines.append(f"{'✓' if rules else '–'} permissions: {rules or 'no'} rule{'s' * (rules != 1)} of your own")
    lines.append("Change one with: /config set, or who may use what with: /config permissions grant.")
    actions = [Action("Go through all again" if done else "Begin", "setup", {"step": STEPS[0]}, "first")]
    if open_:
        actions.append(Action("Set what is recommended", "setup", {"apply": "recommended"}, "good"))
    actions.append(Action("Which commands there are", "help"))
    return {"says": "\n".join(lines), "actions": [to_builtins(each) for each in actions]}


command = Command(
    "setup", "admin", "Set up this server step by step, and see what is set and what is not.", Options, run,
    permission="admin", discreet=True, show=show,
)  # fmt: skip
