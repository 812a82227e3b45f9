-- How often each command is called
-- With how many were accepted, refused and failed.
SELECT
    command, sum(accepted + refused + failed) AS called, sum(accepted) AS accepted, sum(refused) AS refused,
    sum(failed) AS failed
FROM hours
WHERE (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
GROUP BY command
ORDER BY called DESC, command
LIMIT :limit OFFSET :offset
