-- What rests for a player
-- For this one alone, or for all; a time that is past means that it is ready.
SELECT player, channel, command, since, ready, ready > :now AS running
FROM cooldowns
WHERE player IN (:player, '')
ORDER BY ready DESC, player, channel, command
LIMIT :limit OFFSET :offset
