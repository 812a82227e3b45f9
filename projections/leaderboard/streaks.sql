-- The longest streaks
-- The longest row of wins of each player in games of two or more: from which time to which, and whether it may
-- go on. A game that is not won ends it, a drawn one too.
WITH runs AS (
    SELECT
        player, run, sum(result = 'won') AS length, min(position) FILTER (WHERE result = 'won') AS begun,
        min(time) FILTER (WHERE result = 'won') AS first, max(time) FILTER (WHERE result = 'won') AS last,
        max(run) OVER (PARTITION BY player) AS newest
    FROM (
        SELECT
            player, result, time, position,
            sum(result <> 'won') OVER (PARTITION BY player ORDER BY position) AS run
        FROM results
        WHERE whole AND seats > 1
          AND (:kind IS NULL OR kind = :kind)
          AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
    )
    GROUP BY player, run
),
best AS (
    SELECT *, row_number() OVER (PARTITION BY player ORDER BY length DESC, begun) AS nth FROM runs
)
SELECT rank() OVER (ORDER BY length DESC) AS rank, player, length, first, last, run = newest AS goes_on
FROM best
WHERE nth = 1 AND length > 0 AND NOT is_machine(player)
ORDER BY rank, begun, player
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
