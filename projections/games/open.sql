-- The games that are open
-- Those that wait, are played, or were set aside; what was touched last comes first.
SELECT
    game, kind, status, channel, host, players, seats, free, plies, turn, since, until, opened, time, private,
    aside AS problem
FROM games
WHERE ended IS NULL
  AND (:kind IS NULL OR kind = :kind)
  AND (:channel IS NULL OR channel = :channel)
  AND (:player IS NULL OR game IN (SELECT game FROM seats WHERE player = :player))
ORDER BY time DESC, game DESC
LIMIT :limit OFFSET :offset
