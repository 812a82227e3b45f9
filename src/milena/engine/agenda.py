"""The agenda: when to look at which stream again."""

import heapq

SPARE = 64


class Agenda:
    """One entry a stream, however often it is put off: ``len`` is the number of streams."""

    def __init__(self) -> None:
        self._when: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []  # what is not in _when as well was changed since

    def put(self, stream: str, when: int) -> None:
        """Look at this stream then, whatever was said before; 0: never."""
        self._when.pop(stream, None)
        if when:
            self._when[stream] = when
            heapq.heappush(self._heap, (when, stream))
            if len(self._heap) > 2 * len(self._when) + SPARE:
                self._heap = sorted((when, stream) for stream, when in self._when.items())

    def no_later(self, stream: str, when: int) -> None:
        """Look at this stream then, unless it is to be looked at before."""
        if when < self._when.get(stream, when + 1):
            self.put(stream, when)

    def first(self) -> tuple[int, str] | None:
        """The earliest time, and the stream to look at then; None if there is nothing to wait for."""
        heap = self._heap
        while heap and self._when.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0] if heap else None

    def __len__(self) -> int:
        return len(self._when)
