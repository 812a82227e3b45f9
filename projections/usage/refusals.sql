-- Why commands are refused
-- By reason and command, the most frequent first.
SELECT code, command, sum(times) AS times, max(time) AS time
FROM refusals
WHERE (:command IS NULL OR command = :command)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY code, command
ORDER BY times DESC, code, command
LIMIT :limit OFFSET :offset
