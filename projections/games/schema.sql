-- Times are in ms since 1970. Nothing of a board is here.
CREATE TABLE games (
    game    TEXT PRIMARY KEY,
    guild   TEXT NOT NULL,               -- where it was opened
    channel TEXT NOT NULL,
    kind    TEXT NOT NULL,               -- what is played, such as tictactoe
    status  TEXT NOT NULL GENERATED ALWAYS AS (
        CASE
            WHEN ended IS NOT NULL THEN 'ended'
            WHEN aside IS NOT NULL THEN 'set aside'
            WHEN began IS NOT NULL THEN 'playing'
            ELSE 'waiting'
        END
    ),
    host    TEXT NOT NULL,
    private INTEGER NOT NULL,            -- 1: only the invited may sit down
    seats   INTEGER NOT NULL,            -- once it has begun: how many play
    free    INTEGER NOT NULL,            -- seats that nobody has, and that are kept for nobody
    players TEXT NOT NULL DEFAULT '[]',  -- who sits there, in the order of the seats: a JSON array
    opened  INTEGER NOT NULL,
    began   INTEGER,
    ended   INTEGER,
    how     TEXT,                        -- finished, resigned, agreed, timeout, aborted, declined ...
    reason  TEXT,                        -- the same in words; <id> stands for a player's name
    voided  TEXT,                        -- why a moderator took the result away
    aside   TEXT,                        -- why it was set aside: it can't be replayed
    rematch TEXT,                        -- the game that repeats it
    plies   INTEGER NOT NULL,
    turn    TEXT NOT NULL DEFAULT '[]',  -- who may move now: a JSON array
    since   INTEGER,                     -- when the last ply was, or it began
    until   INTEGER,                     -- when it is given up unless it begins; the first clock runs out
    time    INTEGER NOT NULL             -- when something last happened to it
) STRICT, WITHOUT ROWID;
CREATE INDEX games_open ON games (guild) WHERE ended IS NULL;
CREATE INDEX games_ended ON games (ended) WHERE ended IS NOT NULL;

-- Who sits where; once a game has begun, those who got there by then or later. Seats count from 0.
CREATE TABLE seats (
    game   TEXT NOT NULL,
    seat   INTEGER NOT NULL,
    guild  TEXT NOT NULL,
    player TEXT NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (game, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX seats_player ON seats (player);

-- Seats that are kept for somebody, or that are to be handed over.
CREATE TABLE invitations (
    game    TEXT NOT NULL,
    player  TEXT NOT NULL,
    guild   TEXT NOT NULL,
    by      TEXT NOT NULL,
    seat    INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (game, player)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_player ON invitations (player);
