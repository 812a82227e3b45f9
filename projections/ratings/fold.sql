INSERT INTO main._sittings SELECT * FROM sittings;

-- What is to be rated. Where all have the score 1, or all have 0, they have won or lost together.
INSERT INTO main.history (guild, kind, position, seat, time, game, player, score)
SELECT guild, kind, position, seat, time, game, player, score
FROM (
    SELECT
        *, min(whole) OVER one AS all_whole, max(score) OVER one AS highest, min(score) OVER one AS lowest
    FROM outcomes WHERE seats > 1
    WINDOW one AS (PARTITION BY game)
)
WHERE all_whole AND highest > 0 AND lowest < 1;

DELETE FROM main.history WHERE game IN (SELECT substr(stream, 6) FROM batch WHERE tag = 'game.voided');
