"""The application and its commands, global and of one guild."""

from standin.commands import MOST, Checker, stored, without_localisations
from standin.errors import UNKNOWN_COMMAND, Form, Json, Refusal
from standin.rest import Ask, Routes

routes = Routes()
Kept = dict[str, Json]
ANYWHERE = "/applications/{application}/commands"
GUILD = "/applications/{application}/guilds/{guild}/commands"


@routes("GET", "/oauth2/applications/@me")
@routes("GET", "/applications/@me")
def application(ask: Ask) -> Json:
    world = ask.discord.world
    said: Json = {
        "id": world.bot.id,
        "name": "Milena",
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": world.owner.json(),
        "team": None,
        "flags": 0,
        "tags": [],
        "integration_types_config": {"0": {}},
    }
    return said | {"summary": ""} if ask.discord.settings.summary else said


@routes("GET", ANYWHERE)
@routes("GET", GUILD)
def listed(ask: Ask) -> list[Json]:
    every = list(_scope(ask).values())
    if ask.query.get("with_localizations") in ("1", "true", "True"):
        return every
    return [without_localisations(each) for each in every]


@routes("PUT", ANYWHERE)
@routes("PUT", GUILD)
def overwrite(ask: Ask) -> list[Json]:
    """All commands of the scope at once: those of the same name and type keep their id."""
    if not isinstance(ask.body, list):
        raise Refusal(400, 50035, "Invalid Form Body", "body", {"_errors": [{"code": "LIST_TYPE_CONVERT"}]})
    form = Form()
    seen: set[tuple[object, object]] = set()
    for number, each in enumerate(ask.body):
        checker = Checker(form, f"{number}.")
        checker.command(form.table(str(number), each))
        _note(ask, checker)
        key = (each.get("type", 1), each.get("name"))
        if key in seen:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            form.wrong(f"{number}.name", code, "Application command names must be unique")
        seen.add(key)
    form.check()
    for kind, most in MOST.items():
        if sum(each.get("type", 1) == kind for each in ask.body) > most:
            raise Refusal(400, 30032, f"Maximum number of application commands reached ({most}).", "body")
    scope = _scope(ask)
    before = {(each["type"], each["name"]): each for each in scope.values()}
    scope.clear()
    return [_store(ask, scope, each, before.get((each.get("type", 1), each["name"]))) for each in ask.body]


@routes("POST", ANYWHERE)
@routes("POST", GUILD)
def create(ask: Ask) -> Json:
    """One more; of the same name and type it takes the place of the old one."""
    scope = _scope(ask)
    _check(ask, ask.said)
    old = [each for each in scope.values() if (each["type"], each["name"]) == _key(ask.said)]
    if (
        not old
        and sum(each["type"] == _key(ask.said)[0] for each in scope.values()) >= MOST[_key(ask.said)[0]]
    ):
        raise Refusal(400, 30032, "Maximum number of application commands reached.", "body")
    return _store(ask, scope, ask.said, old[0] if old else None)


@routes("GET", ANYWHERE + "/{command}")
@routes("GET", GUILD + "/{command}")
def one(ask: Ask) -> Json:
    return _found(ask)


@routes("PATCH", ANYWHERE + "/{command}")
@routes("PATCH", GUILD + "/{command}")
def edit(ask: Ask) -> Json:
    old = _found(ask)
    changed = old | ask.said
    _check(ask, changed)
    return _store(ask, _scope(ask), changed, old)


@routes("DELETE", ANYWHERE + "/{command}")
@routes("DELETE", GUILD + "/{command}")
def delete(ask: Ask) -> None:
    del _scope(ask)[_found(ask)["id"]]


@routes("GET", GUILD + "/permissions")
def permissions(ask: Ask) -> list[Json]:
    _scope(ask)
    return []


def _scope(ask: Ask) -> Kept:
    if ask.ids["application"] != ask.discord.world.bot.id:
        raise Refusal(
            403, 20012, "You are not authorized to perform this action on this application", "route"
        )
    guild = ask.guild().id if "guild" in ask.ids else None
    return ask.discord.commands.setdefault(guild, {})


def _found(ask: Ask) -> Json:
    found = _scope(ask).get(ask.ids["command"])
    if found is None:
        raise UNKNOWN_COMMAND
    return found


def _check(ask: Ask, said: Json) -> None:
    form = Form()
    checker = Checker(form)
    checker.command(said)
    _note(ask, checker)
    form.check()


def _note(ask: Ask, checker: Checker) -> None:
    ask.discord.record.unknown_fields += [(ask.name, name) for name in checker.unknown]


def _key(said: Json) -> tuple[int, str]:
    return said.get("type", 1), said["name"]


def _store(ask: Ask, scope: Kept, said: Json, old: Json | None) -> Json:
    ids, bot = ask.discord.ids, ask.discord.world.bot
    id = old["id"] if old else ids.new()
    new = stored(said, id, bot.id, ask.ids.get("guild"), old["version"] if old else ids.new())
    if old is not None and new != old:
        new["version"] = ids.new()
    scope[id] = new
    return new
