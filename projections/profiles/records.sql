-- The records
-- The most points in each kind of game that counts any, and who made them first. Machines hold none.
SELECT kind, points, player, game, time
FROM (
    SELECT
        kind, points, player, game, time,
        row_number() OVER (PARTITION BY kind ORDER BY points DESC, position, seat) AS nth
    FROM results WHERE whole AND points IS NOT NULL AND NOT is_machine(player)
)
WHERE nth = 1 AND (:kind IS NULL OR kind = :kind)
ORDER BY kind
