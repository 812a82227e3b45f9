-- Games that ended lately
-- How, and who played.
SELECT game, kind, channel, players, how, reason, voided, plies, began, ended, rematch
FROM games
WHERE ended IS NOT NULL
  AND (:kind IS NULL OR kind = :kind)
  AND (:channel IS NULL OR channel = :channel)
  AND (:since IS NULL OR ended >= :since)
  AND (:until IS NULL OR ended < :until)
ORDER BY ended DESC, game DESC
LIMIT :limit OFFSET :offset
