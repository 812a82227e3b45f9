-- The records
-- The most points in each kind of game that counts any, and who made them first. Machines hold none.
WITH machines AS MATERIALIZED (
    SELECT player FROM (SELECT DISTINCT player FROM results) WHERE is_machine(player)
),
most AS (
    SELECT kind, max(points) AS points FROM results
    WHERE whole AND (:kind IS NULL OR kind = :kind) AND player NOT IN machines
    GROUP BY kind
)
SELECT kind, points, player, game, time
FROM (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY position, seat) AS nth
    FROM results JOIN most USING (kind, points)
    WHERE whole AND player NOT IN machines
)
WHERE nth = 1
ORDER BY kind
