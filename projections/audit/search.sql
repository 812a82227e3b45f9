-- Where words were said
-- In sentences, reasons and the texts of commands; all of the words have to be there.
SELECT position, time, player, tag, command, verdict, coalesce(sentence, detail) AS sentence, game, options
FROM entries
WHERE position IN (
    SELECT rowid FROM words
    WHERE words MATCH '"' || replace(replace(trim(:text), '"', ' '), ' ', '" "') || '"'
)
ORDER BY position DESC
LIMIT :limit OFFSET :offset
