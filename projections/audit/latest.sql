-- What happened lately
-- Commands, and what was done to games, settings and members; of one player, command, channel or game, if given. Moves that
-- were accepted are left out (their games tell of them).
SELECT position, time, player, coalesce(command, tag) AS what, verdict, code, coalesce(sentence, detail) AS sentence, game, channel
FROM entries
WHERE routine = 0
  AND (tag IN (
    'command.invoked', 'game.ended', 'game.voided', 'game.timed_out', 'lobby.game_set_aside', 'command.throttled',
    'guild.setting_changed', 'guild.permission_changed', 'guild.restricted', 'guild.restriction_lifted',
    'guild.maintenance_changed', 'case.opened', 'case.amended', 'effect.done', 'effect.failed'
  ))
  AND (:command IS NOT NULL OR NOT (
    tag = 'command.invoked' AND verdict = 'accepted' AND command IN ('board post', 'board lose', 'effect settle')
  ))
  AND (:player IS NULL OR player = :player)
  AND (:command IS NULL OR command = :command)
  AND (:channel IS NULL OR channel = :channel)
  AND (:game IS NULL OR game = :game)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
ORDER BY position DESC
LIMIT :limit OFFSET :offset
