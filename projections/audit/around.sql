-- The commands before and after an event
-- Ten before its position, and ten after it, whoever called them.
SELECT position, time, player, command, verdict, code, sentence, game, options
FROM (
    SELECT * FROM (
        SELECT * FROM entries
        WHERE position <= :position AND tag = 'command.invoked'
        ORDER BY position DESC LIMIT 10
    )
    UNION ALL
    SELECT * FROM (
        SELECT * FROM entries
        WHERE position > :position AND tag = 'command.invoked'
        ORDER BY position LIMIT 10
    )
)
ORDER BY position
