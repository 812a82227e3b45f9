-- The most points in a game
-- The best game of each player in each kind of game that counts points, games alone with them; of several games
-- with as many, the first.
WITH counted AS (
    SELECT * FROM results
    WHERE whole AND points IS NOT NULL
      AND (:kind IS NULL OR kind = :kind)
      AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
),
players AS (
    SELECT kind, player, max(points) AS points, count(*) AS games, sum(points) AS total
    FROM counted GROUP BY kind, player
),
shown AS MATERIALIZED (
    SELECT rank() OVER (PARTITION BY kind ORDER BY points DESC) AS rank, players.*
    FROM players WHERE NOT is_machine(player)
    ORDER BY kind, rank, player
    LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
)
SELECT kind, rank, player, points, game, time, games, total
FROM (
    SELECT shown.*, game, time, min(position)
    FROM shown CROSS JOIN counted USING (kind, player, points)
    GROUP BY kind, player
)
ORDER BY kind, rank, player
