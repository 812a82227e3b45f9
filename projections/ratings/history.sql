-- How a player's rating went
-- A row for each rated game, the newest first.
SELECT
    time, kind, game, score, round(before, 1) AS before, round(after, 1) AS after,
    round(after - before, 1) AS change, round(deviation, 1) AS deviation, games
FROM history
WHERE player = :player
  AND (:kind IS NULL OR kind = :kind)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY position DESC
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
