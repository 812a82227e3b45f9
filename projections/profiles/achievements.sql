-- What a player has achieved
-- How much of each achievement there is, how much it needs, and when and in which game it was reached; those that
-- were reached come first.
WITH
own AS (SELECT * FROM results WHERE player = :player AND whole),
won AS (SELECT *, row_number() OVER (ORDER BY position) AS nth FROM own WHERE result = 'won'),
met AS (
    SELECT other.player AS opponent, other.score AS theirs, own.score, own.position, own.time, own.game, own.result
    FROM own JOIN results AS other ON other.game = own.game AND other.seat <> own.seat
),
machines AS MATERIALIZED (
    SELECT player FROM (SELECT DISTINCT player FROM results) WHERE is_machine(player)
),
most AS (
    SELECT kind, max(points) AS points FROM results
    WHERE whole AND kind IN (SELECT kind FROM own) AND player NOT IN machines
    GROUP BY kind
),
records AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY position, seat) AS nth
    FROM results JOIN most USING (kind, points)
    WHERE whole AND player NOT IN machines
),
-- How far each achievement had come with each game.
steps (achievement, have, position, time, game) AS (
    SELECT goal.value, nth, position, time, game
    FROM won, json_each('["first win", "ten wins", "hundred wins"]') AS goal
    UNION ALL
    SELECT
        'on fire', sum(result = 'won') OVER (PARTITION BY run ORDER BY position), position, time, game
    FROM (SELECT *, sum(result <> 'won') OVER (ORDER BY position) AS run FROM own WHERE seats > 1)
    UNION ALL
    SELECT 'versatile', row_number() OVER (ORDER BY position), position, time, game
    FROM (SELECT min(position) AS position, time, game FROM won GROUP BY kind)
    UNION ALL
    SELECT 'well-rounded', row_number() OVER (ORDER BY position), position, time, game
    FROM (SELECT min(position) AS position, time, game FROM own GROUP BY kind)
    UNION ALL
    SELECT 'beat a machine', row_number() OVER (ORDER BY position), position, time, game
    FROM (SELECT DISTINCT position, time, game FROM met WHERE result = 'won' AND theirs < 1 AND opponent IN machines)
    UNION ALL
    SELECT 'last one up', row_number() OVER (ORDER BY position), position, time, game
    FROM won WHERE seats > 3 AND NOT EXISTS (SELECT 1 FROM met WHERE met.game = won.game AND met.theirs > 0)
    UNION ALL
    SELECT 'sociable', row_number() OVER (ORDER BY position, opponent), position, time, game
    FROM (SELECT min(position) AS position, time, game, opponent FROM met GROUP BY opponent)
    WHERE opponent NOT IN machines
    UNION ALL
    SELECT 'rivals', row_number() OVER (PARTITION BY opponent ORDER BY position), position, time, game
    FROM met WHERE opponent NOT IN machines
    UNION ALL
    SELECT 'regular', row_number() OVER (ORDER BY position), position, time, game FROM own
    UNION ALL
    SELECT 'marathon', plies, position, time, game FROM own
    UNION ALL
    SELECT 'record holder', row_number() OVER (ORDER BY position), position, time, game
    FROM records WHERE nth = 1 AND player = :player
    UNION ALL
    SELECT feat, row_number() OVER (PARTITION BY feat ORDER BY position), position, time, game
    FROM feats WHERE player = :player
),
reached AS (
    SELECT achievement, min(position) AS position, time, game
    FROM steps JOIN _achievements USING (achievement)
    WHERE have >= need
    GROUP BY achievement
)
SELECT
    a.achievement, a.about, min(a.need, coalesce(max(steps.have), 0)) AS have, a.need,
    reached.time, reached.game
FROM _achievements AS a
LEFT JOIN steps USING (achievement)
LEFT JOIN reached USING (achievement)
GROUP BY a.place
ORDER BY reached.position IS NULL, a.place
