-- Who is ahead
-- A win counts 1 and a draw 1/2. Of two with the same score, the one who needed fewer games is ahead; those who
-- are level in both share a place.
WITH counted AS (
    SELECT * FROM results
    WHERE whole AND seats > 1
      AND (:kind IS NULL OR kind = :kind)
      AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
),
players AS (
    SELECT
        player, sum(score) AS score, count(*) AS games, sum(result = 'won') AS won,
        sum(result = 'drawn') AS drawn, sum(result = 'lost') AS lost,
        sum(points) AS points, max(points) AS best
    FROM counted GROUP BY player
),
shown AS MATERIALIZED (
    SELECT rank() OVER (ORDER BY score DESC, games) AS rank, players.*
    FROM players WHERE NOT is_machine(player)
    ORDER BY rank, player
    LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
),
-- A run: the wins in a row since the last game that was not won.
runs AS (
    SELECT player, run, sum(result = 'won') AS length, max(run) OVER (PARTITION BY player) AS last
    FROM (
        SELECT player, result, sum(result <> 'won') OVER (PARTITION BY player ORDER BY position) AS run
        FROM counted WHERE player IN (SELECT player FROM shown)
    )
    GROUP BY player, run
),
streaks AS (
    SELECT player, sum(length) FILTER (WHERE run = last) AS streak, max(length) AS best_streak
    FROM runs GROUP BY player
)
SELECT rank, player, score, games, won, drawn, lost, streak, best_streak, points, best
FROM shown JOIN streaks USING (player)
ORDER BY rank, player
