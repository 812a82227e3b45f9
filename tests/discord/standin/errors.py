"""How Discord says no: a status, a code, a sentence, and for a body the tree of what is wrong where."""

from collections.abc import Collection
from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """Answered to the bot in Discord's form.

    ``kind`` says whose fault it is: ``body``, ``interaction``, ``route``, ``auth`` and ``gateway`` are the
    bot's (:attr:`~.record.Record.violations`); ``permission``, ``gone`` and ``limited`` may meet any bot.
    """

    def __init__(self, status: int, code: int, message: str, kind: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} / {code}: {message} {errors or ''}".rstrip())
        self.status, self.code, self.message, self.kind, self.errors = status, code, message, kind, errors

    def json(self) -> Json:
        said: Json = {"message": self.message, "code": self.code}
        return said | {"errors": self.errors} if self.errors else said


def blameless(refusal: Refusal) -> Refusal:
    """The same, as nobody's fault."""
    return Refusal(refusal.status, refusal.code, refusal.message, "gone", refusal.errors)


UNAUTHORIZED = Refusal(401, 0, "401: Unauthorized", "auth")
NO_ROUTE = Refusal(404, 0, "404: Not Found", "route")
UNKNOWN_CHANNEL = Refusal(404, 10003, "Unknown Channel", "gone")
UNKNOWN_GUILD = Refusal(404, 10004, "Unknown Guild", "gone")
UNKNOWN_MEMBER = Refusal(404, 10007, "Unknown Member", "gone")
UNKNOWN_MESSAGE = Refusal(404, 10008, "Unknown Message", "gone")
UNKNOWN_USER = Refusal(404, 10013, "Unknown User", "gone")
UNKNOWN_ROLE = Refusal(404, 10011, "Unknown Role", "gone")
UNKNOWN_WEBHOOK = Refusal(404, 10015, "Unknown Webhook", "interaction")
UNKNOWN_BAN = Refusal(404, 10026, "Unknown Ban", "gone")
UNKNOWN_INTERACTION = Refusal(404, 10062, "Unknown interaction", "interaction")
UNKNOWN_COMMAND = Refusal(404, 10063, "Unknown application command", "route")
TOO_LARGE = Refusal(413, 40005, "Request entity too large", "body")
ACKNOWLEDGED = Refusal(400, 40060, "Interaction has already been acknowledged.", "interaction")
MISSING_ACCESS = Refusal(403, 50001, "Missing Access", "permission")
NOT_YOURS = Refusal(403, 50005, "Cannot edit a message authored by another user", "body")
EMPTY_MESSAGE = Refusal(400, 50006, "Cannot send an empty message", "body")
NO_DM = Refusal(403, 50007, "Cannot send messages to this user", "permission")
MISSING_PERMISSIONS = Refusal(403, 50013, "Missing Permissions", "permission")
TOO_FEW_OR_MANY = Refusal(
    400, 50016, "Provided too few or too many messages to delete. Must provide between 2 and 100.", "body"
)
EXPIRED_TOKEN = Refusal(401, 50027, "Invalid Webhook Token", "interaction")
TOO_OLD = Refusal(400, 50034, "You can only bulk delete messages that are under 14 days old.", "body")
NOT_JSON = Refusal(400, 50109, "The request body contains invalid JSON.", "body")


class Form:
    """Collects what is wrong with a body. A path reads ``embeds.0.title``."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        node = self.errors
        for part in path.split("."):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        if self.errors:
            raise Refusal(400, 50035, "Invalid Form Body", "body", self.errors)

    def text(self, path: str, value: object, most: int, least: int = 0, *, required: bool = False) -> None:
        """``value`` is a string of ``least`` to ``most`` characters, or absent."""
        if value is None:
            if required:
                self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not isinstance(value, str):
            # Discord turns numbers into strings here and refuses the rest; nobody should lean on it.
            self.wrong(path, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif least and not least <= len(value) <= most:
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def items(self, path: str, value: object, most: int, least: int = 0) -> list[Any]:
        """``value`` is a list of ``least`` to ``most``, or absent; what can be looked at further."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(value) <= most:
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return value

    def choice(self, path: str, value: object, allowed: Collection[object]) -> None:
        if value not in allowed:
            listed = ", ".join(map(repr, allowed))
            self.wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")

    def number(self, path: str, value: object, least: float, most: float) -> None:
        """``value`` is a number between the two, or absent."""
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            self.wrong(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.wrong(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")

    def table(self, path: str, value: object) -> Json:
        """``value`` is an object; an empty one when it is not, with a complaint."""
        if isinstance(value, dict):
            return value
        self.wrong(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return {}
