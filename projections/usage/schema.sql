-- Sums of commands, those of machines and of the clock among them. Hours and days are those of UTC; ``time`` is
-- when they begin, in ms since 1970.

-- How often each command was called in each hour. Those beyond the throttle are counted without their name: theirs
-- is empty, here and in refusals. All that was counted is in the log from position ``first`` to ``last``: who wants to
-- know of a part of an hour, such as the digest, counts there. (Clocks jump: others may be there, too.)
CREATE TABLE hours (
    guild    TEXT NOT NULL,
    time     INTEGER NOT NULL,
    command  TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    refused  INTEGER NOT NULL,
    failed   INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    PRIMARY KEY (guild, time, command)
) STRICT, WITHOUT ROWID;

-- Why commands were refused, or failed, each day.
CREATE TABLE refusals (
    guild   TEXT NOT NULL,
    time    INTEGER NOT NULL,
    command TEXT NOT NULL,
    code    TEXT NOT NULL,
    times   INTEGER NOT NULL,
    PRIMARY KEY (guild, time, command, code)
) STRICT, WITHOUT ROWID;

-- Who came each day, and how many commands each called.
CREATE TABLE players (
    guild    TEXT NOT NULL,
    time     INTEGER NOT NULL,
    player   TEXT NOT NULL,
    commands INTEGER NOT NULL,
    PRIMARY KEY (guild, time, player)
) STRICT, WITHOUT ROWID;

-- How long commands took each day, from the call to the verdict: how many fell into each of the buckets below.
CREATE TABLE latencies (
    guild   TEXT NOT NULL,
    time    INTEGER NOT NULL,
    command TEXT NOT NULL,
    low_us  INTEGER NOT NULL,
    times   INTEGER NOT NULL,
    PRIMARY KEY (guild, time, command, low_us)
) STRICT, WITHOUT ROWID;

-- The buckets: from ``low_us`` to below ``high_us``, each a quarter wider than the one before, from 50 µs to a
-- minute. The first begins at 0, the last has no end.
CREATE TABLE _bounds (
    low_us  INTEGER PRIMARY KEY,
    high_us INTEGER
) STRICT;
INSERT INTO _bounds
WITH RECURSIVE grown (low_us) AS (
    SELECT 50 UNION ALL SELECT (low_us * 5 + 3) / 4 FROM grown WHERE low_us < 60000000
),
lows (low_us) AS (SELECT 0 UNION ALL SELECT min(low_us, 60000000) FROM grown)
SELECT low_us, lead(low_us) OVER (ORDER BY low_us) FROM lows;
