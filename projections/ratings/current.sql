-- The strongest players
-- In order of what they are at least, as far as one can say: the rating less two deviations. Who has played
-- little can rate high, and stands behind until it is confirmed.
SELECT
    kind, rank() OVER (PARTITION BY kind ORDER BY rating - 2 * deviation DESC) AS rank, player,
    round(rating) AS rating, round(deviation) AS deviation, round(rating - 2 * deviation) AS at_least,
    games, time AS last
FROM ratings
WHERE :kind IS NULL OR kind = :kind
ORDER BY kind, rank, player
LIMIT coalesce(:limit, 20) OFFSET coalesce(:offset, 0)
