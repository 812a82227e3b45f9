-- How long commands take
-- So long at most took half of them, nine of ten, 99 of 100 and all: the upper bounds of their buckets, each a
-- quarter wider than the one before.
WITH summed AS (
    SELECT command, low_us, sum(times) AS times
    FROM latencies
    WHERE (:command IS NULL OR command = :command)
      AND (:since IS NULL OR time >= :since)
      AND (:until IS NULL OR time < :until)
    GROUP BY command, low_us
),
ranked AS (
    SELECT
        command, low_us,
        sum(times) OVER (PARTITION BY command ORDER BY low_us) AS upto,
        sum(times) OVER (PARTITION BY command) AS total
    FROM summed
),
bounded AS (
    SELECT command, upto, total, coalesce(high_us, low_us) AS high_us FROM ranked JOIN _bounds USING (low_us)
)
SELECT
    command,
    max(total) AS times,
    min(high_us) FILTER (WHERE upto * 2 >= total) AS p50_us,
    min(high_us) FILTER (WHERE upto * 10 >= total * 9) AS p90_us,
    min(high_us) FILTER (WHERE upto * 100 >= total * 99) AS p99_us,
    max(high_us) AS most_us
FROM bounded
GROUP BY command
ORDER BY times DESC, command
LIMIT :limit OFFSET :offset
