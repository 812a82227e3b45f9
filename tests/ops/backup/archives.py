"""Archives that look like backups and are none."""

import gzip
import io
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

Parts = dict[str, bytes]


def parts_of(path: Path) -> Parts:
    """The files of a backup by name, the manifest first."""
    with tarfile.open(path) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def described(parts: Parts, **changes: Any) -> Parts:
    """With a manifest that fits the parts (and is ``changes`` otherwise): whoever edits one can do that."""
    manifest = msgspec.json.decode(parts["manifest.json"])
    manifest["parts"] = {
        name: {"size": len(data), "sha256": sha256(data).hexdigest()}
        for name, data in parts.items()
        if name != "manifest.json"
    }
    return {**parts, "manifest.json": msgspec.json.encode(manifest | changes)}


def tarred(parts: Parts, change: Callable[[tarfile.TarInfo], None] = lambda member: None) -> bytes:
    """A tar archive of them, not compressed; ``change`` may do what it likes to each header."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            change(member)
            archive.addfile(member, io.BytesIO(data) if member.isreg() else None)
    return out.getvalue()


def write(path: Path, tar: bytes) -> Path:
    path.write_bytes(gzip.compress(tar, 1))
    return path
