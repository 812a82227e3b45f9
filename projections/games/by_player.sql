-- The games of a player
-- Open ones first; ``my_turn`` is 1 where the others wait for this player.
SELECT
    games.game, games.kind, games.status, games.channel, games.players,
    EXISTS (SELECT 1 FROM json_each(games.turn) WHERE value = :player) AS my_turn,
    games.since, games.until, games.plies, games.how, games.opened, games.ended
FROM seats JOIN games ON games.game = seats.game
WHERE seats.player = :player AND (:kind IS NULL OR games.kind = :kind)
ORDER BY games.ended IS NOT NULL, my_turn DESC, games.time DESC, games.game DESC
LIMIT :limit OFFSET :offset
