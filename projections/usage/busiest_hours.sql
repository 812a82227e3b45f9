-- The busiest hours of the day
-- Commands in each hour of the day (UTC), and on how many days there were any.
SELECT
    time / 3600000 % 24 AS hour, sum(accepted + refused + failed) AS commands,
    count(DISTINCT time / 86400000) AS days
FROM hours
WHERE (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
GROUP BY hour
ORDER BY commands DESC, hour
LIMIT :limit OFFSET :offset
