-- What rests for a player
-- And what did last: a time that is past means that it is ready.
SELECT command, since, ready, ready > :now AS running
FROM cooldowns
WHERE player = :player
ORDER BY ready DESC, command
LIMIT :limit OFFSET :offset
