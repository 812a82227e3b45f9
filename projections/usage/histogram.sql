-- How many commands took how long
-- One row for each span of time that any of them took.
SELECT low_us, high_us, sum(times) AS times
FROM latencies JOIN _bounds USING (low_us)
WHERE (:command IS NULL OR command = :command)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY low_us
ORDER BY low_us
LIMIT :limit OFFSET :offset
