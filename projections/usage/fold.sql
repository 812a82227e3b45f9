INSERT INTO main.hours (guild, time, command, accepted, refused, failed, first, last)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild,
    time / 3600000 * 3600000 AS hour,
    payload ->> '$.command' AS command,
    count(*) FILTER (WHERE payload ->> '$.verdict' = 'accepted'),
    count(*) FILTER (WHERE payload ->> '$.verdict' = 'refused'),
    count(*) FILTER (WHERE payload ->> '$.verdict' = 'failed'),
    min(position), max(position)
FROM batch
WHERE tag = 'command.invoked'
GROUP BY guild, hour, command
ON CONFLICT DO UPDATE SET
    accepted = accepted + excluded.accepted,
    refused = refused + excluded.refused,
    failed = failed + excluded.failed,
    first = min(first, excluded.first),
    last = max(last, excluded.last);

-- (What was accepted has no code.)
INSERT INTO main.refusals (guild, time, command, code, times)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild,
    time / 86400000 * 86400000 AS day,
    payload ->> '$.command' AS command,
    payload ->> '$.code' AS code,
    count(*)
FROM batch
WHERE tag = 'command.invoked' AND instr(payload, '"code":') AND payload ->> '$.code' IS NOT NULL
GROUP BY guild, day, command, code
ON CONFLICT DO UPDATE SET times = times + excluded.times;

INSERT INTO main.players (guild, time, player, commands)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild, time / 86400000 * 86400000 AS day, player, count(*)
FROM batch
WHERE tag = 'command.invoked'
GROUP BY guild, day, player
ON CONFLICT DO UPDATE SET commands = commands + excluded.commands;

INSERT INTO main.latencies (guild, time, command, low_us, times)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild,
    time / 86400000 * 86400000 AS day,
    payload ->> '$.command' AS command,
    (
        SELECT bounds.low_us FROM main._bounds AS bounds
        WHERE bounds.low_us <= coalesce(payload ->> '$.duration', 0)
        ORDER BY bounds.low_us DESC LIMIT 1
    ) AS low,
    count(*)
FROM batch
WHERE tag = 'command.invoked'
GROUP BY guild, day, command, low
ON CONFLICT DO UPDATE SET times = times + excluded.times;

-- Whoever goes on beyond the throttle is refused, and counted by a single event: of which commands, it does not say.
INSERT INTO main.hours (guild, time, command, accepted, refused, failed, first, last)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild, payload ->> '$.since' / 3600000 * 3600000 AS hour, '', 0,
    sum(payload ->> '$.refused'), 0, min(position), max(position)
FROM batch
WHERE tag = 'command.throttled'
GROUP BY guild, hour
ON CONFLICT DO UPDATE SET
    refused = refused + excluded.refused,
    first = min(first, excluded.first),
    last = max(last, excluded.last);

INSERT INTO main.refusals (guild, time, command, code, times)
SELECT
    substr(place, 1, instr(place, '/') - 1) AS guild, payload ->> '$.since' / 86400000 * 86400000 AS day, '',
    'throttled', sum(payload ->> '$.refused')
FROM batch
WHERE tag = 'command.throttled'
GROUP BY guild, day
ON CONFLICT DO UPDATE SET times = times + excluded.times;
