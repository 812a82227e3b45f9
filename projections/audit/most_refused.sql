-- What is refused most
-- By command and reason, with how many players met it, and when that was last.
SELECT
    command, code, verdict, count(*) AS times, count(DISTINCT player) AS players, max(time) AS time,
    max(position) AS position
FROM entries
WHERE routine = 0
  AND verdict IN ('refused', 'failed')
  AND (:player IS NULL OR player = :player)
  AND (:command IS NULL OR command = :command)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY command, code, verdict
ORDER BY times DESC, command, code
LIMIT :limit OFFSET :offset
