-- Who a player played with
-- Better, level and worse: what the player came to in those games, compared with the other; games that one of
-- the two played in part are counted as games only.
SELECT
    other.player AS opponent, count(*) AS games,
    count(*) FILTER (WHERE own.whole AND other.whole AND own.score > other.score) AS better,
    count(*) FILTER (WHERE own.whole AND other.whole AND own.score = other.score) AS level,
    count(*) FILTER (WHERE own.whole AND other.whole AND own.score < other.score) AS worse,
    max(own.time) AS last
FROM results AS own JOIN results AS other ON other.game = own.game AND other.seat <> own.seat
WHERE own.player = :player AND (:kind IS NULL OR own.kind = :kind)
GROUP BY other.player
ORDER BY games DESC, last DESC, opponent
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
