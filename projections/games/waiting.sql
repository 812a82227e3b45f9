-- Games that wait for players
-- Those where anybody may sit down; who waits longest comes first.
SELECT game, kind, channel, host, players, free, opened, until
FROM games
WHERE ended IS NULL
  AND status = 'waiting'
  AND private = 0
  AND free > 0
  AND (:kind IS NULL OR kind = :kind)
  AND (:channel IS NULL OR channel = :channel)
ORDER BY opened, game
LIMIT :limit OFFSET :offset
