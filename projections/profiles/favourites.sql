-- What is played most
-- The kinds of games that a player, or everybody together, has played most; share in percent.
WITH own AS (
    SELECT * FROM results WHERE player = :player UNION ALL SELECT * FROM results WHERE :player IS NULL
)
SELECT
    kind, count(DISTINCT game) AS games,
    round(100.0 * count(DISTINCT game) / sum(count(DISTINCT game)) OVER (), 1) AS share, max(time) AS last
FROM own
WHERE (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
GROUP BY kind
ORDER BY games DESC, last DESC, kind
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
