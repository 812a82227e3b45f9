-- What fold.sql and handlers.py read: temporary views on every connection that takes in events. The log is
-- attached as "log", read-only; "span" holds the positions that this batch goes from (not in it) and to.

CREATE TEMP TABLE span (after INTEGER NOT NULL, upto INTEGER NOT NULL);
INSERT INTO span VALUES (0, 0);

-- The events of this batch, as columns of the log (see docs/storage.md). Those that were parked are left out.
CREATE TEMP VIEW batch AS
SELECT * FROM log.events
WHERE position > (SELECT after FROM temp.span) AND position <= (SELECT upto FROM temp.span)
  AND (NOT EXISTS (SELECT 1 FROM main._dead_letters) OR position NOT IN (SELECT position FROM main._dead_letters));

-- Who sat down, stood up and took a seat over in this batch. The seat is NULL where a game began, the player
-- where a seat became free.
CREATE TEMP VIEW sittings AS
SELECT
    stream, version, payload ->> '$.seat' AS seat,
    CASE WHEN tag IN ('game.seat_taken', 'game.seat_handed_over') THEN payload ->> '$.player' END AS player
FROM batch
WHERE tag IN ('game.seat_taken', 'game.seat_left', 'game.seat_handed_over', 'game.started');

-- The games that ended with a result in this batch, a row for each seat: whom its result is that of. Before it is
-- read, fold.sql says: INSERT INTO main._sittings SELECT * FROM sittings;
-- To find those again among all events of a game would take as long as all else together.
--   kind              what was played, such as tictactoe
--   guild, channel    where it was opened
--   how               finished, resigned, agreed or timeout
--   opened, time      when it was opened, and when it ended
--   version           of the event that ended it
--   seats             how many there were at the end
--   result, score     won (1), lost (0) or drawn (between)
--   points            what the game counts, NULL where it counts nothing, or others made them
--   player            who sat there at the end; where the seat has lost, who sat there when the game began:
--                     nobody hands a loss to somebody else
--   whole             1 where it is that of somebody who sat there from the beginning
CREATE TEMP VIEW outcomes AS
WITH ended AS MATERIALIZED (
    SELECT
        position, stream, version, time, payload ->> '$.how' AS how,
        payload -> '$.scores' AS scores, payload -> '$.points' AS points
    FROM batch WHERE tag = 'game.ended' AND json_array_length(payload, '$.scores') > 0
),
sitting AS MATERIALIZED (
    SELECT
        s.stream, s.version, s.seat, s.player,
        max(s.version) FILTER (WHERE s.seat IS NULL) OVER (PARTITION BY s.stream) AS began
    FROM ended JOIN main._sittings AS s ON s.stream = ended.stream AND s.version < ended.version
),
-- Seats that nobody had taken when it began are gone, and those behind them have moved up.
first AS (
    SELECT stream, row_number() OVER (PARTITION BY stream ORDER BY seat) - 1 AS seat, player
    FROM (
        SELECT stream, seat, player, max(version) FROM sitting
        WHERE version < began AND seat IS NOT NULL GROUP BY stream, seat
    )
    WHERE player IS NOT NULL
),
seated AS (
    SELECT stream, seat, player, max(version) AS since
    FROM (
        SELECT stream, seat, player, 0 AS version FROM first
        UNION ALL SELECT stream, seat, player, version FROM sitting WHERE version > began
    )
    GROUP BY stream, seat
),
counted AS (
    SELECT
        seated.stream, seated.seat, seated.player, seated.since, first.player AS starter,
        ended.scores ->> seated.seat AS score, ended.points ->> seated.seat AS points,
        seated.since > 0 AND first.player IS NOT NULL AND ended.scores ->> seated.seat = 0 AS lost_for_another
    FROM ended JOIN seated ON seated.stream = ended.stream
    LEFT JOIN first ON first.stream = seated.stream AND first.seat = seated.seat
)
SELECT
    ended.position, ended.time, substr(ended.stream, 6) AS game, opened.payload ->> '$.game' AS kind,
    substr(opened.place, 1, instr(opened.place, '/') - 1) AS guild,
    substr(opened.place, instr(opened.place, '/') + 1) AS channel,
    ended.how, opened.time AS opened, ended.version, json_array_length(ended.scores) AS seats, counted.seat,
    iif(lost_for_another, counted.starter, counted.player) AS player, counted.score,
    CASE counted.score WHEN 1 THEN 'won' WHEN 0 THEN 'lost' ELSE 'drawn' END AS result,
    iif(lost_for_another, NULL, counted.points) AS points,
    counted.since = 0 OR lost_for_another AS whole
FROM ended
JOIN counted ON counted.stream = ended.stream
JOIN log.events AS opened ON opened.stream = ended.stream AND opened.version = 1;
