-- Commands an hour
-- How many were accepted, refused and failed; the latest hour first.
SELECT time, sum(accepted) AS accepted, sum(refused) AS refused, sum(failed) AS failed
FROM hours
WHERE (:command IS NULL OR command = :command)
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY time
ORDER BY time DESC
LIMIT :limit OFFSET :offset
