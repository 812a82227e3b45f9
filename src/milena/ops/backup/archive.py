"""The file of a backup: a tar archive, compressed with gzip, that any tar can open.

It may come from a stranger. So nothing is unpacked by the names, kinds, owners or rights that it gives:
what follows must be the manifest, then exactly the plain files that it lists, each of the size and the
SHA-256 that it says, then nothing. What is too large is refused before it is unpacked, and nothing that
it says makes more than a megabyte be read into memory at a time.
"""

import gzip
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from milena.ops.backup import manifest as manifests
from milena.ops.backup.manifest import Manifest, Part
from milena.store.copying import Tell, unheard
from milena.store.errors import Damaged, StoreError, Unavailable

LEVEL = 6
CHUNK = 1 << 20
LONGEST_MANIFEST = 1 << 16
SPARE = 16 << 20
"""Bytes that stay free on the disk when a backup is unpacked."""


def summed(file: Path) -> Part:
    with file.open("rb") as source:
        return Part(os.fstat(source.fileno()).st_size, _sum(source))


def _sum(source: IO[bytes]) -> str:
    total = sha256()
    while chunk := source.read(CHUNK):
        total.update(chunk)
    return total.hexdigest()


# ------------------------------------------------------------------------------------------ writing


def pack(manifest: Manifest, directory: Path, target: Path, tell: Tell = unheard) -> None:
    """Write the archive ``target``, for its owner only, of the parts that lie in ``directory``; it is on the
    disk when this returns. Raises OSError where the disk refuses."""
    total = sum(part.size for part in manifest.parts.values())
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with (
            gzip.GzipFile("", "wb", LEVEL, raw, manifest.time / 1000) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
        ):
            text = manifests.encode(manifest)
            tar.addfile(_member(manifests.MANIFEST, len(text), manifest), io.BytesIO(text))
            done = 0
            for name, part in manifest.parts.items():
                with (directory / name).open("rb") as source:
                    tar.addfile(_member(name, part.size, manifest), _Told(source, done, total, tell))
                done += part.size
        raw.flush()
        os.fsync(raw.fileno())


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, manifest.time // 1000
    return member


class _Told(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, source: IO[bytes], before: int, total: int, tell: Tell) -> None:
        self._source, self._before, self._total, self._tell = source, before, total, tell
        self._last = before

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        if (done := self._before + self._source.tell()) - self._last >= CHUNK:
            self._tell(done, self._total)
            self._last = done
        return chunk


# ------------------------------------------------------------------------------------------ reading


def read_manifest(path: Path) -> Manifest:
    """What an archive says that it is; only its beginning is read. Raises Damaged or Unavailable."""
    with _opened(path) as (_, tar):
        return _manifest(tar)


def read(path: Path, into: Path | None = None, tell: Tell = unheard) -> Manifest:
    """Read an archive to its end and check all that can be told of it so; put its parts ``into`` a
    directory, where one is given. Raises Damaged or Unavailable; then what is there is of no use."""
    size = path.stat().st_size if path.is_file() else 0
    with _opened(path) as (raw, tar):
        manifest = _manifest(tar)
        if into is not None:
            _check_room(manifest, into)
            (into / manifests.ARCHIVES).mkdir(mode=0o700, exist_ok=True)
        for name, part in manifest.parts.items():
            source = _file(tar, name, part.size)
            with (into / name if into else Path(os.devnull)).open("wb") as target:
                total = sha256()
                while chunk := source.read(CHUNK):
                    total.update(chunk)
                    target.write(chunk)
                    tell(raw.tell(), size)
            if total.hexdigest() != part.sha256:
                raise Damaged(f"its {name} was changed: it has another SHA-256 than its manifest says")
        _check_end(tar)
    return manifest


class _Careful(io.RawIOBase):
    """What is unpacked, as tarfile may read it: forward, and a piece at a time. (The headers of tar can name
    a size, which tarfile reads in one go; and it goes back by a byte, for which gzip would begin again.)"""

    def __init__(self, packed: gzip.GzipFile) -> None:
        self._packed = packed
        self._position = 0
        self._last = b""  # what was read last, up to the position of ``packed``

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= CHUNK:
            raise Damaged("it has headers that no backup has")
        again = self._packed.tell() - self._position
        found = self._last[len(self._last) - again :][:size] if again else b""
        if len(found) < size and (more := self._packed.read(size - len(found))):
            self._last = more[-tarfile.BLOCKSIZE :]
            found += more
        self._position += len(found)
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        at = self._packed.tell()
        if whence != os.SEEK_SET or not at - len(self._last) <= offset <= at + CHUNK:
            raise Damaged("it has headers that no backup has")
        self._position = min(offset, at)
        if offset > at:
            self.read(offset - at)
        return self._position

    def tell(self) -> int:
        return self._position


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], tarfile.TarFile]]:
    """Errors of all kinds are told as what they mean for the archive."""
    try:
        if not path.is_file():
            raise Unavailable(f"There is no file {path}." if not path.exists() else f"{path} is not a file.")
        with (
            path.open("rb") as raw,
            gzip.GzipFile(fileobj=raw) as packed,
            tarfile.open(fileobj=_Careful(packed), mode="r:") as tar,
        ):
            yield raw, tar
    except Damaged as error:
        raise Damaged(f"{path} is no sound backup: {error}.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise Damaged(f"{path} is no sound backup: {error or 'it is cut off'}.") from error
    except (ValueError, OverflowError, RecursionError) as error:  # from the depths of tarfile
        raise Damaged(f"{path} is no sound backup: {error}.") from error
    except OSError as error:
        raise Unavailable(f"{path} can't be unpacked: {error.strerror or error}.") from error
    except StoreError as error:
        raise Unavailable(str(error) if str(path) in str(error) else f"{path}: {error}.") from error


def _manifest(tar: tarfile.TarFile) -> Manifest:
    source = _file(tar, manifests.MANIFEST, None)
    return manifests.decode(source.read(LONGEST_MANIFEST))


def _file(tar: tarfile.TarFile, name: str, size: int | None) -> IO[bytes]:
    """The next file of an archive, which has to be this one."""
    member = tar.next()
    if member is None:
        raise Damaged(f"its {name} is missing")
    if member.name != name or member.type != tarfile.REGTYPE or member.issparse():
        raise Damaged(f"it has {member.name[:60]!r} where the file {name} is due")
    if member.size > LONGEST_MANIFEST if size is None else member.size != size:
        raise Damaged(f"its {name} has another size ({member.size} bytes) than it should have")
    source = tar.extractfile(member)
    assert source is not None, "it is a plain file"
    return source


def _check_room(manifest: Manifest, directory: Path) -> None:
    needed = sum(part.size for part in manifest.parts.values())
    free = shutil.disk_usage(directory).free
    if needed + SPARE > free:
        raise Unavailable(f"it needs {needed} bytes, and there are {free} on the disk of {directory}")


def _check_end(tar: tarfile.TarFile) -> None:
    """Nothing follows but the zeros that fill up a tar archive; and gzip's own sum is read, and right."""
    if tar.next() is not None:
        raise Damaged("it has more files than its manifest says")
    rest = tar.fileobj.read(tarfile.RECORDSIZE + 1) if tar.fileobj else b""
    if len(rest) > tarfile.RECORDSIZE or rest.strip(b"\0"):
        raise Damaged("something stands behind its end")
