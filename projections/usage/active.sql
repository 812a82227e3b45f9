-- How many people come a day
-- Players who called any command, machines left out, and how many commands they called.
SELECT time, count(DISTINCT player) AS players, sum(commands) AS commands
FROM players
WHERE is_machine(player) = 0
  AND (:since IS NULL OR time >= :since)
  AND (:until IS NULL OR time < :until)
GROUP BY time
ORDER BY time DESC
LIMIT :limit OFFSET :offset
