-- How strong a player is
-- The rating in each kind of game, and how uncertain it is.
SELECT kind, round(rating) AS rating, round(deviation) AS deviation, games, time AS last
FROM ratings
WHERE player = :player
ORDER BY kind
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
