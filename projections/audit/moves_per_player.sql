-- How many moves each player made
-- Those that were taken back later are counted too.
SELECT
    player, count(*) AS moves, count(DISTINCT game) AS games, min(time) AS since, max(time) AS time
FROM entries
WHERE routine = 1
  AND tag IN ('game.move_played', 'game.move_hidden', 'game.choice_sealed')
  AND (:player IS NULL OR player = :player)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY player
ORDER BY moves DESC, player
LIMIT :limit OFFSET :offset
