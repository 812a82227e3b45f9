-- Whom much is refused
-- How many of a player's commands were not accepted, and which reason was the most frequent.
SELECT
    player, sum(times) AS refused, count(*) AS reasons, code AS most_frequent, max(times) AS of_these,
    max(time) AS time
FROM (
    SELECT player, code, count(*) AS times, max(time) AS time
    FROM entries
    WHERE routine = 0
      AND verdict IN ('refused', 'failed')
      AND (:since IS NULL OR time >= :since)
      AND (:until IS NULL OR time < :until)
    GROUP BY player, code
)
GROUP BY player
ORDER BY refused DESC, player
LIMIT :limit OFFSET :offset
