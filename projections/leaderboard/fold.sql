INSERT INTO main.results
SELECT game, seat, position, time, guild, kind, player, result, score, points FROM outcomes;

DELETE FROM main.results WHERE game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.voided');
