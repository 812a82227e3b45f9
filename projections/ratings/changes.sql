-- The biggest changes
-- The games that changed a rating most.
SELECT
    time, kind, game, player, score, round(before, 1) AS before, round(after, 1) AS after,
    round(after - before, 1) AS change
FROM history
WHERE (:kind IS NULL OR kind = :kind) AND (:player IS NULL OR player = :player)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY abs(after - before) DESC, position, seat
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
