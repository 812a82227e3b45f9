INSERT INTO main.games (game, guild, channel, kind, host, private, seats, free, opened, until, plies, time)
SELECT
    substr(stream, 6),
    substr(place, 1, instr(place, '/') - 1),
    substr(place, instr(place, '/') + 1),
    payload ->> '$.game',
    payload ->> '$.host',
    coalesce(payload ->> '$.private', 0),
    payload ->> '$.seats',
    payload ->> '$.seats',
    time,
    payload ->> '$.until',
    0,
    time
FROM batch WHERE tag = 'game.opened';

-- The last event of each game. (A column beside max() is that of the row with the most.)
UPDATE main.games SET time = latest.time
FROM (
    SELECT substr(stream, 6) AS game, max(version), time
    FROM batch WHERE tag GLOB 'game.*' GROUP BY stream
) AS latest
WHERE games.game = latest.game;

-- Its last ply. (Where a resignation or a clock ends it, there is none.)
UPDATE main.games SET plies = max(plies, latest.payload ->> '$.ply'), since = latest.time
FROM (
    SELECT substr(stream, 6) AS game, max(version), time, payload
    FROM batch
    WHERE tag IN (
            'game.move_played', 'game.move_hidden', 'game.choices_revealed', 'game.chance_drawn',
            'game.chance_hidden', 'game.taken_back', 'game.timed_out', 'game.resigned'
        )
       OR (tag = 'game.seat_taken' AND payload ->> '$.ply' > 0)
    GROUP BY stream
) AS latest
WHERE games.game = latest.game;

UPDATE main.games SET
    began = started.time, since = coalesce(since, started.time), seats = started.payload ->> '$.seats',
    until = NULL
FROM (SELECT substr(stream, 6) AS game, time, payload FROM batch WHERE tag = 'game.started') AS started
WHERE games.game = started.game;

UPDATE main.games SET
    until = (SELECT min(value) FROM json_each(latest.payload, '$.ends') WHERE value > 0)
FROM (
    SELECT substr(stream, 6) AS game, max(version), payload
    FROM batch WHERE tag = 'game.clocks_set' GROUP BY stream
) AS latest
WHERE games.game = latest.game;

UPDATE main.games SET
    ended = over.time, how = over.payload ->> '$.how', reason = over.payload ->> '$.reason',
    turn = '[]', since = NULL, until = NULL
FROM (SELECT substr(stream, 6) AS game, time, payload FROM batch WHERE tag = 'game.ended') AS over
WHERE games.game = over.game;

UPDATE main.games SET voided = batch.payload ->> '$.reason'
FROM batch WHERE batch.tag = 'game.voided' AND games.game = substr(batch.stream, 6);

UPDATE main.games SET rematch = latest.payload ->> '$.game'
FROM (
    SELECT substr(stream, 6) AS game, max(version), payload
    FROM batch WHERE tag = 'game.rematched' GROUP BY stream
) AS latest
WHERE games.game = latest.game;

-- What was set aside is listed again when it can be played on.
UPDATE main.games SET
    aside = CASE latest.tag WHEN 'lobby.game_set_aside' THEN latest.payload ->> '$.problem' END,
    turn = '[]'
FROM (
    SELECT payload ->> '$.game' AS game, max(position), tag, payload
    FROM batch WHERE tag IN ('lobby.game_set_aside', 'lobby.game_listed') GROUP BY 1
) AS latest
WHERE games.game = latest.game;

-- ------------------------------------------------------------------------------------------- seats
-- Before the game begins: who came last to each seat, unless gone again.

DELETE FROM main.seats WHERE (game, seat) IN (
    SELECT substr(stream, 6), payload ->> '$.seat' FROM batch WHERE tag = 'game.seat_left'
);

INSERT OR REPLACE INTO main.seats (game, seat, guild, player, since)
SELECT latest.game, latest.seat, games.guild, latest.player, latest.time
FROM (
    SELECT
        substr(stream, 6) AS game, payload ->> '$.seat' AS seat, payload ->> '$.player' AS player, tag, time,
        max(version)
    FROM batch
    WHERE tag = 'game.seat_left' OR (tag = 'game.seat_taken' AND payload ->> '$.ply' IS NULL)
    GROUP BY 1, 2
) AS latest
JOIN main.games AS games ON games.game = latest.game
WHERE latest.tag = 'game.seat_taken';

-- It begins: seats that are free are gone, and those behind them move up. (By way of negative numbers, so
-- that no two are alike in between.)
UPDATE main.seats SET seat = -1 - ranked.rank
FROM (
    SELECT game, seat, row_number() OVER (PARTITION BY game ORDER BY seat) - 1 AS rank
    FROM main.seats
    WHERE game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.started')
) AS ranked
WHERE seats.game = ranked.game AND seats.seat = ranked.seat AND ranked.rank <> ranked.seat;

UPDATE main.seats SET seat = -1 - seat
WHERE seat < 0 AND game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.started');

-- After that: who plays on for somebody else, and who comes in late.
INSERT OR REPLACE INTO main.seats (game, seat, guild, player, since)
SELECT latest.game, latest.seat, games.guild, latest.player, latest.time
FROM (
    SELECT
        substr(stream, 6) AS game, payload ->> '$.seat' AS seat, payload ->> '$.player' AS player, time,
        max(version)
    FROM batch
    WHERE tag = 'game.seat_handed_over' OR (tag = 'game.seat_taken' AND payload ->> '$.ply' > 0)
    GROUP BY 1, 2
) AS latest
JOIN main.games AS games ON games.game = latest.game;

-- ------------------------------------------------------------------------------------- invitations

INSERT OR REPLACE INTO main.invitations (game, player, guild, by, seat, until, version)
SELECT
    latest.game, latest.player, games.guild, latest.payload ->> '$.by', latest.payload ->> '$.seat',
    latest.payload ->> '$.until', latest.version
FROM (
    SELECT
        substr(stream, 6) AS game, payload ->> '$.player' AS player, max(version) AS version, payload
    FROM batch WHERE tag = 'game.invited' GROUP BY 1, 2
) AS latest
JOIN main.games AS games ON games.game = latest.game;

-- They are over when they are answered or not, when the game begins or ends, and when the seat has another
-- player, or gives up.
DELETE FROM main.invitations AS invited
WHERE game IN (
    SELECT substr(stream, 6) FROM batch
    WHERE tag IN (
        'game.invitation_declined', 'game.invitation_expired', 'game.seat_taken', 'game.seat_handed_over',
        'game.started', 'game.ended', 'game.timed_out', 'game.resigned'
    )
) AND EXISTS (
    SELECT 1 FROM batch
    WHERE batch.stream = 'game:' || invited.game
      AND batch.version > invited.version
      AND CASE
            WHEN batch.tag IN ('game.started', 'game.ended') THEN 1
            WHEN batch.tag IN ('game.invitation_declined', 'game.invitation_expired', 'game.seat_taken') THEN
                batch.payload ->> '$.player' = invited.player
            WHEN batch.tag = 'game.seat_handed_over' THEN
                batch.payload ->> '$.player' = invited.player OR batch.payload ->> '$.seat' = invited.seat
            WHEN batch.tag = 'game.resigned' THEN batch.payload ->> '$.seat' = invited.seat
            WHEN batch.tag = 'game.timed_out' THEN
                batch.payload ->> '$.missed' = 'left' AND batch.payload ->> '$.seat' = invited.seat
            ELSE 0
          END
);

UPDATE main.games SET
    players = (
        SELECT json_group_array(player)
        FROM (SELECT player FROM main.seats WHERE seats.game = games.game ORDER BY seat)
    ),
    seats = CASE
        WHEN began IS NULL THEN seats
        ELSE (SELECT count(*) FROM main.seats WHERE seats.game = games.game)
    END,
    free = CASE
        WHEN began IS NOT NULL OR ended IS NOT NULL THEN 0
        ELSE seats - (SELECT count(*) FROM main.seats WHERE seats.game = games.game)
            - (SELECT count(*) FROM main.invitations WHERE invitations.game = games.game)
    END
WHERE game IN (
    SELECT substr(stream, 6) FROM batch
    WHERE tag IN (
        'game.opened', 'game.invited', 'game.invitation_declined', 'game.invitation_expired',
        'game.seat_taken', 'game.seat_left', 'game.seat_handed_over', 'game.started', 'game.ended'
    )
);
