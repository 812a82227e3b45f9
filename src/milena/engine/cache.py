"""The states of the streams used last, so that most commands read nothing from the disk."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from milena.store import Folded


class Cache:
    """Keeps up to ``size`` states; the one used longest ago goes first. For the writer thread only; any may
    change the size, which holds from the next state on."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._states: OrderedDict[str, Folded] = OrderedDict()

    def get(self, stream: str) -> Folded | None:
        found = self._states.get(stream)
        if found is not None:
            self._states.move_to_end(stream)
        return found

    def put(self, stream: str, folded: Folded) -> None:
        self._states[stream] = folded
        self._states.move_to_end(stream)
        while len(self._states) > self.size:
            self._states.popitem(last=False)

    def update(self, states: Mapping[str, Folded]) -> None:
        """Put many; those that were there keep their place in the order of use."""
        self._states.update(states)
        while len(self._states) > self.size:
            self._states.popitem(last=False)

    def drop(self, streams: Iterable[str] | None) -> None:
        """Forget these streams; None: all."""
        if streams is None:
            self._states.clear()
            return
        for stream in streams:
            self._states.pop(stream, None)

    def __len__(self) -> int:
        return len(self._states)
