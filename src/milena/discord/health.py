"""What ``milena doctor`` tells of Discord: whether there is a token, and the link to invite Milena."""

from collections.abc import Iterator, Mapping

from milena.discord import inviting, token
from milena.ops.health import Check

APPLICATION = "DISCORD_APPLICATION_ID"
"""The variable by which the link is told where there is no token."""


def check_discord(environment: Mapping[str, str], installed: bool) -> Iterator[Check]:
    """``installed``: whether the packages of the extra are there."""
    application: str | None = environment.get(APPLICATION, "").strip()
    if not any(environment.get(name, "").strip() for name in (token.VARIABLE, token.FILE)):
        found = f"none in {token.VARIABLE} or {token.FILE}; only 'milena run' needs it"
        yield Check("Discord token", found)
    else:
        if not installed:
            remedy = "pip install 'milena[discord]'"
            yield Check("Discord", "there is a token, but the bot's packages are missing", "problem", remedy)
        check, its = _token(environment)
        yield check
        application = application or its
    if application:
        yield Check("Discord permissions", ", ".join(inviting.NEEDED))
        yield Check("Discord invitation", inviting.link(application))


def _token(environment: Mapping[str, str]) -> tuple[Check, str | None]:
    """What is to be said of the token, and its application; Discord is not asked."""
    try:
        found = token.find(environment)
    except token.NoToken as wrong:
        return Check("Discord token", str(wrong), "problem"), None
    application = token.application_of(found)
    if application is None or not token.looks_right(found):
        remedy = "copy it from the developer portal: Bot, Reset Token"
        return Check("Discord token", "it does not look like a bot's token", "problem", remedy), None
    return Check("Discord token", f"looks like that of application {application}"), application
