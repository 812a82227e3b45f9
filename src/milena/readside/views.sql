-- What fold.sql and handlers.py read: temporary views on every connection that takes in events. The log is
-- attached as "log", read-only; "span" holds the positions that this batch goes from (not in it) and to.

CREATE TEMP TABLE span (after INTEGER NOT NULL, upto INTEGER NOT NULL);
INSERT INTO span VALUES (0, 0);

-- The events of this batch, as columns of the log (see docs/storage.md). Those that were parked are left out.
CREATE TEMP VIEW batch AS
SELECT * FROM log.events
WHERE position > (SELECT after FROM temp.span) AND position <= (SELECT upto FROM temp.span)
  AND position NOT IN (SELECT position FROM main._dead_letters);

-- The games that ended with a result in this batch, a row for each seat: who sat there at the end.
--   kind              what was played, such as tictactoe
--   guild, channel    where it was opened
--   how               finished, resigned, agreed or timeout
--   result, score     won (1), lost (0) or drawn (between)
--   points            what the game counts, NULL where it counts nothing
--   whole             1 where the player sat there from the beginning to the end
CREATE TEMP VIEW outcomes AS
WITH ended AS MATERIALIZED (
    SELECT position, stream, version, time, payload FROM batch
    WHERE tag = 'game.ended' AND json_array_length(payload, '$.scores') > 0
),
sitting AS MATERIALIZED (
    SELECT e.stream, e.version, e.tag, e.payload ->> '$.seat' AS seat, e.payload ->> '$.player' AS player
    FROM ended JOIN log.events AS e ON e.stream = ended.stream AND e.version < ended.version
    WHERE e.tag IN ('game.seat_taken', 'game.seat_left', 'game.seat_handed_over', 'game.started')
),
began AS (SELECT stream, version FROM sitting WHERE tag = 'game.started'),
-- Seats that nobody had taken when it began are gone, and those behind them have moved up.
first AS (
    SELECT stream, row_number() OVER (PARTITION BY stream ORDER BY seat) - 1 AS seat, player
    FROM (
        SELECT s.stream, s.seat, s.player, s.tag, max(s.version) FROM sitting AS s JOIN began USING (stream)
        WHERE s.version < began.version GROUP BY s.stream, s.seat
    )
    WHERE tag = 'game.seat_taken'
),
later AS (
    SELECT s.stream, s.version, s.seat, s.player FROM sitting AS s JOIN began USING (stream)
    WHERE s.version > began.version AND s.tag <> 'game.started'
),
seats AS (
    SELECT stream, seat, player, max(version) AS since
    FROM (SELECT stream, seat, player, 0 AS version FROM first
          UNION ALL SELECT stream, seat, player, version FROM later)
    GROUP BY stream, seat
)
SELECT
    ended.position, ended.time, substr(ended.stream, 6) AS game, opened.payload ->> '$.game' AS kind,
    substr(opened.place, 1, instr(opened.place, '/') - 1) AS guild,
    substr(opened.place, instr(opened.place, '/') + 1) AS channel,
    ended.payload ->> '$.how' AS how, opened.time AS opened,
    json_array_length(ended.payload, '$.scores') AS seats, seats.seat, seats.player,
    ended.payload ->> ('$.scores[' || seats.seat || ']') AS score,
    CASE ended.payload ->> ('$.scores[' || seats.seat || ']')
        WHEN 1 THEN 'won' WHEN 0 THEN 'lost' ELSE 'drawn' END AS result,
    ended.payload ->> ('$.points[' || seats.seat || ']') AS points,
    seats.since = 0 AS whole
FROM ended
JOIN seats ON seats.stream = ended.stream
JOIN log.events AS opened ON opened.stream = ended.stream AND opened.version = 1;
