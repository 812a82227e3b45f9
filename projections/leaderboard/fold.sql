INSERT INTO main._sittings SELECT * FROM sittings;

INSERT INTO main.results
SELECT game, seat, position, time, guild, kind, seats, player, result, score, points, whole FROM outcomes;

DELETE FROM main.results WHERE game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.voided');
