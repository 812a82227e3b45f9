-- The story of one game
-- All that happened to it, in order, and the commands that were not accepted; the others are told by what they
-- led to.
SELECT position, time, player, tag, code, detail, command, sentence
FROM (
    SELECT entries.*
    FROM games JOIN entries
        ON entries.position >= games.first AND entries.position <= coalesce(games.last, 9e18)
    WHERE games.game = :game AND entries.game = :game AND entries.routine = 1
    UNION ALL
    SELECT * FROM entries WHERE routine = 0 AND game = :game
)
WHERE verdict IS NULL OR verdict <> 'accepted'
ORDER BY position
LIMIT :limit OFFSET :offset
