-- What a player did
-- Commands, the latest first; moves that were accepted are left out (their games tell of them).
SELECT position, time, command, verdict, code, sentence, game, options, channel
FROM entries
WHERE routine = 0
  AND player = :player
  AND tag = 'command.invoked'
  AND (:command IS NULL OR command = :command)
  AND (:channel IS NULL OR channel = :channel)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
ORDER BY position DESC
LIMIT :limit OFFSET :offset
