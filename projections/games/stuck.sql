-- Games that are stuck
-- Played, but nobody has moved for a day, or since the time that is given; the longest first.
SELECT game, kind, channel, players, turn, since, plies, until
FROM games
WHERE ended IS NULL
  AND status = 'playing'
  AND since < coalesce(:since, :now - 86400000)
  AND (:kind IS NULL OR kind = :kind)
  AND (:channel IS NULL OR channel = :channel)
ORDER BY since, game
LIMIT :limit OFFSET :offset
