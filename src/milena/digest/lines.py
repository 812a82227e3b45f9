"""The digest in words: lines in which ``<t:SECONDS>`` stands for a time, the most urgent ones first."""

from collections.abc import Iterator

from milena.digest.report import Report

MOST = 8
"""Failures that are told one by one."""
MB = 1_000_000
WELL = "good"


def lines(report: Report, *, urgent: bool = False) -> list[str]:
    """``urgent``: only what is."""
    kind = "Something is wrong" if urgent else "Digest"
    head = f"{kind}. Milena {report.version}, since {_time(report.since)}; all of it: 'milena digest'."
    told = [head]
    if report.trouble:
        told.append(
            f"The log can't be written, and what only looks something up is answered: {report.trouble}"
        )
    told += _failures(report)
    told += [
        f"Budget {each.budget} {'is crossed' if each.crossed else 'is kept again'} "
        f"({each.value:g}, the limit is {each.limit:g}{_times(each.times)})."
        for each in report.budgets
    ]
    return told if urgent else [*told, *_usual(report)]


def _failures(report: Report) -> Iterator[str]:
    found = report.failures
    if not found:
        yield "Nothing failed."
        return
    new = sum(each.new for each in found)
    yield f"Failures: {_count(len(found), 'cause')}, {new} of them new; 'milena errors list' lists all."
    for each in found[:MOST]:
        saw = f"; people saw: {each.told}" if each.told else ""
        yield (
            f"- {'new, ' * each.new}{_count(each.times, 'time')}: {each.type} ({each.kind}) in {each.place}, "
            f"'milena errors show {each.id}'{saw}"
        )
    if len(found) > MOST:
        yield f"- and {_count(len(found) - MOST, 'more cause')}."


def _usual(report: Report) -> Iterator[str]:
    yield _commands(report)
    if report.games is not None:
        games = report.games
        aside = f", {games.aside} set aside" if games.aside else ""
        yield (
            f"Games: {games.opened} opened, {games.ended} ended; {games.playing} are played now, "
            f"{games.waiting} wait{aside}."
        )
    ill = [each for each in report.read_models if each.condition != WELL or each.lag or each.letters]
    for model in ill:
        yield (
            f"Read model {model.name}: {model.condition}, {_count(model.lag, 'event')} behind, "
            f"{_count(model.letters, 'dead letter')} ('milena projections status')."
        )
    if report.read_models and not ill:
        yield "Read models: all are well, and none is behind."
    if report.backup is not None:
        about = f"{_time(report.backup.time)}, {_mb(report.backup.size)}, checked when it was made"
        yield f"Last backup: {report.backup.name}, {about}."
    elif not any(each.startswith("backups:") for each in report.unknown):
        yield "There is no backup: 'milena backup create' makes one, [backup] every by itself."
    if report.room is not None:
        room = report.room
        yield (
            f"Room: {_mb(room.store)} of log and read models, {_mb(room.logs)} of log files, "
            f"{_mb(room.backups)} of backups; {_mb(room.free)} are free."
        )
    yield from (f"Not known: {each}" for each in report.unknown)


def _commands(report: Report) -> str:
    accepted, refused, failed = (
        sum(getattr(each, verdict) for each in report.commands)
        for verdict in ("accepted", "refused", "failed")
    )
    by = ", ".join(f"{each.command} {each.failed}" for each in report.commands if each.failed)
    return f"Commands: {accepted} accepted, {refused} refused, {failed} failed{f' ({by})' if by else ''}."


def _time(ms: int) -> str:
    return f"<t:{ms // 1000}:f>"


def _times(times: int) -> str:
    return f"; crossed {times} times" if times > 1 else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _mb(size: int) -> str:
    return f"{size / MB:.1f} MB" if size < 1000 * MB else f"{size / MB / 1000:.1f} GB"
