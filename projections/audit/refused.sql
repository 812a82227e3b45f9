-- What was refused, or failed, lately
-- Each with what the player was told; of one player or command, if given.
SELECT position, time, player, command, verdict, code, sentence, game, options
FROM entries
WHERE routine = 0
  AND verdict IN ('refused', 'failed')
  AND (:player IS NULL OR player = :player)
  AND (:command IS NULL OR command = :command)
  AND (:channel IS NULL OR channel = :channel)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
ORDER BY position DESC
LIMIT :limit OFFSET :offset
