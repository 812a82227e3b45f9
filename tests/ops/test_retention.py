"""Which backups are kept, and when the next is due: laws over whatever times there are."""

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from milena.ops.retention import FRESH, BackupPolicy, due, kept

START = datetime(2025, 12, 20, tzinfo=UTC)  # a year, a month and a week that has days of both end soon after
moments = st.integers(0, 200 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
times = st.sets(moments, max_size=60)
policies = st.builds(
    BackupPolicy,
    every=st.integers(0, 200),
    days=st.integers(0, 10),
    weeks=st.integers(0, 6),
    months=st.integers(0, 6),
)


def daily(first: datetime, count: int) -> list[datetime]:
    return [first + timedelta(days=number) for number in range(count)]


def test_a_year_of_nightly_backups_leaves_days_weeks_and_months() -> None:
    # Given one backup every night of 2026, until Wednesday the 30th of December
    nights = daily(datetime(2026, 1, 1, 3, tzinfo=UTC), 364)

    left = kept(nights, BackupPolicy(days=3, weeks=3, months=4))

    # Then there are the last of three days, of three weeks (they end on Sundays), and of four months
    assert sorted(f"{time:%m-%d}" for time in left) == [
        "09-30", "10-31", "11-30", "12-20", "12-27", "12-28", "12-29", "12-30",
    ]  # fmt: skip


def test_nothing_of_the_last_day_is_removed() -> None:
    hours = [START + timedelta(hours=number) for number in range(100)]

    assert sorted(kept(hours, BackupPolicy(days=0, weeks=0, months=0))) == hours[-25:]


@given(times, policies)
def test_what_is_kept_was_there_and_the_newest_is_kept(times: set[datetime], policy: BackupPolicy) -> None:
    left = kept(times, policy)

    assert left <= times
    assert not times or max(times) in left


@given(times, policies)
def test_no_more_is_kept_than_the_policy_says(times: set[datetime], policy: BackupPolicy) -> None:
    assume(times)
    old = {time for time in kept(times, policy) if max(times) - time > FRESH}

    assert len(old) <= policy.days + policy.weeks + policy.months


@given(times, policies)
def test_each_period_that_counts_keeps_its_last(times: set[datetime], policy: BackupPolicy) -> None:
    left = kept(times, policy)

    for count, form in ((policy.days, "%Y-%m-%d"), (policy.weeks, "%G-%V"), (policy.months, "%Y-%m")):
        periods = sorted({time.strftime(form) for time in times})[-count:] if count else []
        for period in periods:
            assert max(time for time in times if time.strftime(form) == period) in left


@given(times, policies)
def test_to_prune_again_removes_nothing(times: set[datetime], policy: BackupPolicy) -> None:
    left = kept(times, policy)

    assert kept(left, policy) == left


@given(times, policies)
def test_to_prune_after_each_backup_leaves_the_same_as_once_in_the_end(
    times: set[datetime], policy: BackupPolicy
) -> None:
    there: set[datetime] = set()
    for time in sorted(times):
        there = kept(there | {time}, policy)

    assert there == kept(times, policy)


@given(times, policies, policies)
def test_who_wants_more_kept_loses_nothing(
    times: set[datetime], one: BackupPolicy, other: BackupPolicy
) -> None:
    both = BackupPolicy(
        days=max(one.days, other.days),
        weeks=max(one.weeks, other.weeks),
        months=max(one.months, other.months),
    )
    assert kept(times, both) >= kept(times, one) | kept(times, other)


@given(times, moments, policies)
def test_a_backup_is_due_when_the_last_one_is_old_enough(
    times: set[datetime], now: datetime, policy: BackupPolicy
) -> None:
    wait = due(times, now, policy)

    if not policy.every:
        assert wait is None
        return
    assert wait is not None
    assert timedelta() <= wait <= timedelta(hours=policy.every)
    # whatever lies in the future, as the clock was set back, delays nothing
    recent = [time for time in times if now - timedelta(hours=policy.every) < time <= now]
    assert (wait == timedelta()) == (not recent)
