"""Verify the log: recompute all that can be recomputed, and name the first position that is not right.

A whole log, with what was moved to archives, is read twice, a page at a time: in the order in which it was
written (see :mod:`milena.replay.chain`), then stream by stream (:mod:`milena.replay.streams`). Beside that
SQLite checks its file, and the head that is kept outside the log has to be in it.
"""

from collections.abc import Iterable
from typing import Any

from milena.domain.event import Aggregate
from milena.replay.chain import check_chain
from milena.replay.report import Progress, Report
from milena.replay.streams import Streams
from milena.store import GENESIS, Damaged, Head, Store, StoreError
from milena.store.archive import Missing
from milena.store.envelope import expected_hash
from milena.store.filecheck import changed_schema, integrity, last_and_highest
from milena.store.heads import NAME, KeptHead, holds, read_head
from milena.store.lookup import InStream, repeated_invocation
from milena.store.reading import MAX
from milena.store.whole import whole


def _unheard(done: int, total: int) -> None:
    pass


def verify(store: Store, aggregates: Iterable[Aggregate[Any]], progress: Progress = _unheard) -> Report:
    """Check the whole log, as far as it goes when this begins."""
    report = Report()
    kept = _kept_head(store, report)  # before the log's own head, which may go on meanwhile
    upto = _extent(store, report)
    missing: list[Damaged] = []
    try:
        with whole(store, missing, progress) as log:
            _verify(store, log, aggregates, upto, kept, report, progress)
    except StoreError as error:  # where there are archives: the copy with them can't be made
        report.found("damage" if isinstance(error, Damaged) else "doubt", None, str(error))
    for each in missing:
        report.found("doubt" if isinstance(each, Missing) else "damage", None, str(each))
    _check_file(store, report)
    report.sort()
    return report


def _verify(
    store: Store,
    log: Store,
    aggregates: Iterable[Aggregate[Any]],
    upto: int,
    kept: KeptHead | None,
    report: Report,
    progress: Progress,
) -> None:
    """``log`` is ``store`` with what was moved to archives."""
    ((report.archived,),) = store.rows("SELECT count(*) FROM archived")
    if log is not store:
        ((report.unread,),) = log.rows("SELECT count(*) FROM archived")
    broken = check_chain(log, upto, lambda done, total: progress(done, 2 * total))
    if broken is not None:
        report.findings.append(broken)
        assert broken.position is not None
        upto = broken.position - 1  # what stands behind is not what was written
    report.events = upto

    streams = Streams(log, aggregates, report)
    try:
        streams.refold_all(upto, lambda done, total: progress(total + done, 2 * total))
        repeated = repeated_invocation(log, upto)
        if repeated is not None:
            report.found("damage", repeated[0], f"the invocation {repeated[1]} was there before.")
        if broken is None:
            _check_end(store, kept, report)
    except StoreError as error:
        report.found("damage", None, f"an index of the log can't be read: {error.__cause__ or error}.")
    streams.conclude()


def verify_stream(store: Store, aggregates: Iterable[Aggregate[Any]], stream: str) -> Report:
    """Check one stream, and that each of its events follows from the one before it in the log."""
    report = Report(head=_head(store.head()))
    rows = []
    for envelope in store.stream(stream):
        previous = store.hash(envelope.position - 1) or GENESIS
        if expected_hash(previous, envelope) != envelope.hash:
            report.found(
                "damage", envelope.position, "its hash does not follow: it was changed or put there."
            )
            break
        rows.append(InStream(stream, envelope.version, envelope.position, envelope.tag, envelope.payload))
    report.events = len(rows)
    streams = Streams(store, aggregates, report)
    if rows:
        streams.refold(stream, rows)
    streams.conclude()
    report.sort()
    return report


def _extent(store: Store, report: Report) -> int:
    """How far the log goes."""
    try:
        head = store.head()
        report.head = _head(head)
        return head.position
    except StoreError as error:
        report.found("damage", None, f"the end of the log can't be read: {error.__cause__ or error}.")
    return MAX


def _kept_head(store: Store, report: Report) -> KeptHead | None:
    path = store.path.with_name(NAME)
    try:
        kept = read_head(path, store.vault)
    except Damaged as error:
        report.found("damage", None, str(error))
        return None
    if kept is None:
        report.found("note", None, f"there is no {NAME}, so a log that was cut or made anew can't be told.")
    return kept


def _check_end(store: Store, kept: KeptHead | None, report: Report) -> None:
    """Whether the log ends where it ended before."""
    end, highest = last_and_highest(store)
    if highest > end:
        sentence = f"it is missing, and so are all up to {highest}: the end of the log was cut off."
        report.found("damage", end + 1, sentence)
    elif highest < end:
        report.found("doubt", None, f"SQLite's counter of positions was set back, to {highest} of {end}.")
    if kept is None or holds(store, kept):
        return
    if kept.position > end:
        sentence = f"it is missing: the log was cut, {NAME} notes that it went to {kept.position}."
        report.found("damage", end + 1, sentence)
    else:
        sentence = f"the log was rewritten, here or before: {NAME} notes another hash."
        report.found("damage", kept.position, sentence)


def _check_file(store: Store, report: Report) -> None:
    wrong = integrity(store)
    if wrong is not None:
        report.found("damage", None, f"SQLite finds the file inconsistent: {wrong}.")
    try:
        changed = changed_schema(store)
    except StoreError:
        return  # which integrity() has told already
    if changed:
        report.found("doubt", None, f"not as Milena made it: {', '.join(changed)}.")


def _head(head: Head) -> tuple[int, str]:
    return head.position, head.hash.hex()
