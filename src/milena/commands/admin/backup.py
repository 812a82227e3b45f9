"""/backup: copy the log and the vault of this installation, to a folder of its operator's."""

from msgspec import Struct

from milena.domain.command import Command, Desk, Result, Sight


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    pass


def run(desk: Desk, options: Options) -> Result:
    """That it was asked for is recorded; the copy is made after the commit, so it has that in it."""
    return {"backup": "asked for"}


def show(sight: Sight, options: Options, result: Result) -> Result:
    made = sight.back_up()
    size = f"{made['size'] / 1_000_000:.1f} MB"
    return {**made, "says": f"Backup {made['name']}: up to position {made['position']}, {size}."}


command = Command(
    "backup", "admin", "Copy all that is stored, for the operator.", Options, run, permission="admin",
    discreet=True, cooldown=3600, scope="guild", show=show,
)  # fmt: skip
