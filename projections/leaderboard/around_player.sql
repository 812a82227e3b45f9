-- Where a player stands
-- The player, and those just above and below; the order is that of top.
WITH players AS (
    SELECT
        player, sum(score) AS score, count(*) AS games, sum(result = 'won') AS won,
        sum(result = 'drawn') AS drawn, sum(result = 'lost') AS lost
    FROM results
    WHERE whole AND seats > 1
      AND (:kind IS NULL OR kind = :kind)
      AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
    GROUP BY player
),
ranked AS (
    SELECT
        rank() OVER (ORDER BY score DESC, games) AS rank,
        row_number() OVER (ORDER BY score DESC, games, player) AS line, players.*
    FROM players WHERE NOT is_machine(player)
)
SELECT rank, player, score, games, won, drawn, lost
FROM ranked
WHERE abs(line - (SELECT line FROM ranked WHERE player = :player)) <= 3
ORDER BY line
