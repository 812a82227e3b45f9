"""Events to JSON and back: explicit tags, sealed fields, and upcasting of older shapes."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from eventsourcing import persistence
from msgspec import Struct

from milena.domain.event import Event
from milena.store.sealing import ERASED, SealError, seal, unseal

Keys = Callable[[str], Iterable[bytes]]
"""The sealing keys to try for a stream; the first one is used to seal."""
IsErased = Callable[[str], bool]
"""Whether a stream was a person's own who is not known any more."""


class UnknownTag(Exception):
    """No event class of this release has this tag, or this shape."""


class Recorded(Struct, frozen=True):
    """An event in its place: the form in which the eventsourcing library passes events around."""

    originator_id: str
    originator_version: int
    event: Event


class Mapper(persistence.Mapper[str]):
    """Maps the given event classes, by their tags. What was private to who was erased reads "(erased)"."""

    def __init__(
        self, events: Iterable[type[Event]], keys: Keys, is_erased: IsErased = lambda stream: False
    ) -> None:
        super().__init__(persistence.JSONTranscoder())
        self._classes = {cls.tag: cls for cls in events}
        self._decoders = {tag: msgspec.json.Decoder(cls).decode for tag, cls in self._classes.items()}
        self._plain = {
            tag: self._decoders[tag]
            for tag, cls in self._classes.items()
            if not cls.sealed and cls.class_version == 1
        }
        self._encode = msgspec.json.Encoder().encode
        self._keys = keys
        self._is_erased = is_erased

    def encode(self, event: Event, stream: str) -> str:
        """The payload of ``event`` as JSON."""
        if event.sealed:
            text = self.seal(getattr(event, event.sealed), stream)
            event = msgspec.structs.replace(event, **{event.sealed: text})
        if event.class_version > 1:
            fields = {**msgspec.to_builtins(event), "class_version": event.class_version}
            return self._encode(fields).decode()
        return self._encode(event).decode()

    def decode(self, tag: str, payload: str, stream: str) -> Event:
        """The event; raises UnknownTag, SealError, or ValueError where the payload does not fit."""
        decode = self._plain.get(tag)
        if decode is not None:
            return decode(payload)
        if tag not in self._classes:
            raise UnknownTag(f"no event of this release has the tag {tag!r}: a newer Milena wrote it")
        event = self._upcast(self._classes[tag], payload)
        if not event.sealed:
            return event
        text = ERASED if self._is_erased(stream) else self.unseal(getattr(event, event.sealed), stream)
        return msgspec.structs.replace(event, **{event.sealed: text})

    def seal(self, text: str, stream: str) -> str:
        """Raises SealError where there is no key: what is private can be sealed for nobody else."""
        for key in self._keys(stream):
            return seal(key, stream, text)
        raise SealError(f"{stream} belongs to nobody who is known here")

    def unseal(self, sealed: str, stream: str) -> str:
        """Raises SealError where none of the stream's keys opens it."""
        for key in self._keys(stream):
            try:
                return unseal(key, stream, sealed)
            except SealError:
                continue
        raise SealError(f"{stream} is sealed with a key that is not in this vault")

    def _upcast(self, cls: type[Event], payload: str) -> Event:
        """The hooks are the library's: ``class_version`` and ``upcast_v1_v2(payload)``."""
        if cls.class_version == 1:
            return self._decoders[cls.tag](payload)
        fields: dict[str, Any] = msgspec.json.decode(payload)
        version = fields.pop("class_version", 1)
        if version > cls.class_version:
            raise UnknownTag(f"{cls.tag} has a shape ({version}) of a newer Milena")
        while version < cls.class_version:
            getattr(cls, f"upcast_v{version}_v{version + 1}")(fields)
            version += 1
        return msgspec.convert(fields, cls)

    # The library's two methods, for its event store, repository and notification log.

    def to_stored_event(self, domain_event: Any) -> persistence.StoredEvent:
        recorded: Recorded = domain_event
        return persistence.StoredEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=recorded.event.tag,
            state=self.encode(recorded.event, recorded.originator_id).encode(),
        )

    def to_domain_event(self, stored_event: persistence.StoredEvent) -> Any:
        stream = str(stored_event.originator_id)
        event = self.decode(stored_event.topic, stored_event.state.decode(), stream)
        return Recorded(stream, stored_event.originator_version, event)
