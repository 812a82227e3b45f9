"""What a backup says of itself, in the first file of its archive."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from milena import __version__
from milena.store import heads
from milena.store.archive import FOLDER, NAME
from milena.store.copying import Contents
from milena.store.errors import Damaged, Unavailable
from milena.store.vault import Vault

FORMAT = 1
MANIFEST = "manifest.json"
ARCHIVES = FOLDER
LOG, VAULT, NOTE, CONFIGURATION = "events.db", "vault.db", heads.NAME, "milena.toml"
PARTS = {LOG: 64 << 30, VAULT: 4 << 30, NOTE: 1 << 16, CONFIGURATION: 1 << 20}
"""The files of a backup, and the bytes that each may have at most. Behind them come the archives that the log
names, ``archive/0001-2026-03.jsonl.gz`` and so on."""
LARGEST = 64 << 30
"""Bytes of an archive."""
NEEDED = {LOG, VAULT, NOTE}

Size = Annotated[int, Meta(ge=0, le=1 << 62)]
Sum = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Part(Struct, frozen=True):
    """``size`` in bytes, ``sha256`` in hex."""

    size: Size
    sha256: Sum


class Manifest(Struct, frozen=True):
    """``time``          when it was made, in ms since 1970
    ``position``, ``hash``  where its log ends, the hash in hex
    ``games``, ``players``  how many there are in it
    ``installation``  what all backups of one vault have in common
    ``parts``         its files by name, in the order in which they follow
    """

    format: Size
    milena: str
    time: Size
    position: Size
    hash: Sum
    games: Size
    players: Size
    installation: str
    parts: dict[str, Part]


class _Numbered(Struct):
    format: int
    milena: str = ""


def describe(time: int, found: Contents, installation: str, parts: dict[str, Part]) -> Manifest:
    position, hash = found.head
    return Manifest(
        FORMAT, __version__, time, position, hash.hex(), found.games, found.players, installation, parts
    )


def installation(vault: Vault) -> str:
    """What tells one installation from another, and nothing of its secret."""
    return vault.sign(b"installation")[:16]


def encode(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def decode(text: bytes) -> Manifest:
    """Raises Damaged where it is no manifest, Unavailable where it is one of a newer Milena."""
    try:
        numbered = msgspec.json.decode(text, type=_Numbered)
        if numbered.format > FORMAT:
            raise Unavailable(
                f"it was made by a newer Milena, {numbered.milena[:20]} (format {numbered.format}, this one "
                f"knows {FORMAT}): install that one"
            )
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Damaged(f"its manifest is not what Milena writes ({error})") from None
    names = list(manifest.parts)
    known = [name for name in PARTS if name in manifest.parts]
    more = sorted(name for name in names if _is_archive(name))
    if names != known + more or not manifest.parts.keys() >= NEEDED:
        raise Damaged(f"its manifest names other files than those of a backup: {', '.join(names)[:100]}")
    for name, part in manifest.parts.items():
        most = PARTS.get(name, LARGEST)
        if part.size > most:
            raise Damaged(f"its {name} would have {part.size} bytes, and {most} are allowed")
    return manifest


def archive_name(file: str) -> str:
    """What an archive is called in a backup."""
    return f"{ARCHIVES}/{file}"


def _is_archive(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder == ARCHIVES and NAME.fullmatch(file) is not None
