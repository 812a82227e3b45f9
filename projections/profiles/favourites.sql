-- What is played most
-- The kinds of games that a player, or everybody together, has played most; share in percent.
SELECT
    kind, count(DISTINCT game) AS games,
    round(100.0 * count(DISTINCT game) / sum(count(DISTINCT game)) OVER (), 1) AS share, max(time) AS last
FROM results
WHERE (:player IS NULL OR player = :player)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
GROUP BY kind
ORDER BY games DESC, last DESC, kind
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
