INSERT INTO main._sittings SELECT * FROM sittings;

-- How many plies a game took is in the last of its events that has a number of one.
INSERT INTO main.results
SELECT
    game, seat, position, time, opened, guild, kind, seats,
    coalesce((
        SELECT e.payload ->> '$.ply' FROM log.events AS e
        WHERE e.stream = 'game:' || game AND e.version < outcomes.version AND e.payload ->> '$.ply' IS NOT NULL
        ORDER BY e.version DESC LIMIT 1
    ), 0),
    player, result, score, points, whole
FROM outcomes;

DELETE FROM main.results WHERE game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.voided');
