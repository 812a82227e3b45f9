-- Who is invited where
-- Seats that are kept for somebody, or that are to be handed over.
SELECT invitations.game, games.kind, games.status, invitations.player, invitations.by, invitations.until
FROM invitations JOIN games ON games.game = invitations.game
WHERE (:player IS NULL OR invitations.player = :player) AND (:game IS NULL OR invitations.game = :game)
ORDER BY invitations.until, invitations.game, invitations.player
LIMIT :limit OFFSET :offset
