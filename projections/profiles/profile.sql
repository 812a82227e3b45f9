-- A player's record
-- A row for each kind of game. Played counts all games that ended with a result; won, drawn and lost those where
-- the player sat from the beginning to the end.
WITH own AS (
    SELECT * FROM results WHERE player = :player AND (:kind IS NULL OR kind = :kind)
),
streaks AS (
    SELECT kind, max(length) AS streak
    FROM (
        SELECT kind, sum(result = 'won') AS length
        FROM (
            SELECT kind, result, sum(result <> 'won') OVER (PARTITION BY kind ORDER BY position) AS run
            FROM own WHERE whole
        )
        GROUP BY kind, run
    )
    GROUP BY kind
),
best AS (
    SELECT kind, points, game, row_number() OVER (PARTITION BY kind ORDER BY points DESC, position) AS nth
    FROM own WHERE whole AND points IS NOT NULL
),
counted AS (
    SELECT
        kind, count(*) AS played,
        count(*) FILTER (WHERE whole AND result = 'won') AS won,
        count(*) FILTER (WHERE whole AND result = 'drawn') AS drawn,
        count(*) FILTER (WHERE whole AND result = 'lost') AS lost,
        min(time) AS first, max(time) AS last
    FROM own GROUP BY kind
)
SELECT
    counted.kind, played, won, drawn, lost, coalesce(streak, 0) AS best_streak, best.points AS best,
    best.game AS best_game, first, last
FROM counted
LEFT JOIN streaks ON streaks.kind = counted.kind
LEFT JOIN best ON best.kind = counted.kind AND best.nth = 1
ORDER BY played DESC, counted.kind
