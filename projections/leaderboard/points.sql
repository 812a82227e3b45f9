-- The most points in a game
-- The best game of each player in each kind of game that counts points, games alone with them. Of two with as
-- many, the one who made them first is named first.
WITH counted AS (
    SELECT * FROM results
    WHERE whole AND points IS NOT NULL
      AND (:kind IS NULL OR kind = :kind)
      AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
),
best AS (
    SELECT
        kind, player, points, game, time, position,
        row_number() OVER (PARTITION BY kind, player ORDER BY points DESC, position) AS nth,
        sum(points) OVER (PARTITION BY kind, player) AS total,
        count(*) OVER (PARTITION BY kind, player) AS games
    FROM counted
)
SELECT
    kind, rank() OVER (PARTITION BY kind ORDER BY points DESC) AS rank, player, points, game, time, games, total
FROM best
WHERE nth = 1 AND NOT is_machine(player)
ORDER BY kind, rank, position, player
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
