-- Who undid what
-- Results that were taken away, games that were aborted, moves that were taken back.
SELECT
    position, time, player AS by,
    CASE tag
        WHEN 'game.voided' THEN 'voided'
        WHEN 'game.taken_back' THEN 'moves taken back'
        ELSE code
    END AS what,
    game, detail
FROM entries
WHERE routine = 0
  AND (tag IN ('game.voided', 'game.taken_back') OR (tag = 'game.ended' AND code = 'aborted'))
  AND (:player IS NULL OR player = :player)
  AND (:game IS NULL OR game = :game)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
ORDER BY position DESC
LIMIT :limit OFFSET :offset
