-- What rests now
-- For whom (nobody named: for all) and where (nothing named: everywhere), and until when; what is ready first
-- comes first.
SELECT player, channel, command, since, ready
FROM cooldowns
WHERE ready > :now AND (:command IS NULL OR command = :command)
ORDER BY ready, player, channel, command
LIMIT :limit OFFSET :offset
