"""What ``milena doctor`` tells of Discord: whether there is a token, and the link to invite Milena."""

from collections.abc import Iterator, Mapping

from milena.discord import inviting, token
from milena.ops.health import Check


def check_discord(environment: Mapping[str, str], installed: bool) -> Iterator[Check]:
    """``installed``: whether the packages of the extra are there."""
    if not any(environment.get(name, "").strip() for name in (token.VARIABLE, token.FILE)):
        found = f"no token in {token.VARIABLE} or {token.FILE}; only 'milena run' needs one"
        yield Check("Discord", found)
        return
    if not installed:
        remedy = "pip install 'milena[discord]'"
        yield Check("Discord", "there is a token, but the packages are not installed", "problem", remedy)
    try:
        found = token.find(environment)
    except token.NoToken as wrong:
        yield Check("Discord", str(wrong), "problem")
        return
    application = token.application_of(found)
    if application is None or not token.looks_right(found):
        remedy = "copy it from the developer portal, under Bot"
        yield Check("Discord", "the token does not look like one of Discord's", "problem", remedy)
        return
    yield Check("Discord", f"a token of application {application}")
    yield Check("Discord permissions", ", ".join(inviting.NEEDED))
    yield Check("Discord invitation", inviting.link(application))
