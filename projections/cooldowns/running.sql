-- What rests now
-- For whom, and until when; what is ready first comes first.
SELECT player, command, since, ready
FROM cooldowns
WHERE ready > :now AND (:command IS NULL OR command = :command)
ORDER BY ready, player, command
LIMIT :limit OFFSET :offset
