-- Each player of each rated game, and what it changed. A voided game has no row here.
CREATE TABLE history (
    guild     TEXT NOT NULL,
    kind      TEXT NOT NULL,     -- what was played, such as tictactoe
    position  INTEGER NOT NULL,  -- of the event that ended the game
    seat      INTEGER NOT NULL,
    time      INTEGER NOT NULL,  -- of that event, in ms since 1970
    game      TEXT NOT NULL,
    player    TEXT NOT NULL,
    score     REAL NOT NULL,     -- 1 won, 0 lost, or between
    games     INTEGER,           -- the player's rated games of this kind, this one with them
    before    REAL,              -- the rating
    after     REAL,              -- NULL while it is to be found, which is never so after a batch
    deviation REAL,              -- how uncertain it is, after this game
    PRIMARY KEY (guild, kind, position, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_game ON history (game);
CREATE INDEX history_player ON history (guild, kind, player, position);

-- How it stands: the last row of each player in history.
CREATE TABLE ratings (
    guild     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    player    TEXT NOT NULL,
    rating    REAL NOT NULL,
    deviation REAL NOT NULL,
    games     INTEGER NOT NULL,
    position  INTEGER NOT NULL,  -- of the player's last rated game
    time      INTEGER NOT NULL,
    PRIMARY KEY (guild, kind, player)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_position ON ratings (guild, kind, position);

-- From this position on, the games of a kind are to be rated again. Empty after each batch.
CREATE TABLE _stale (
    guild    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE TRIGGER new_game AFTER INSERT ON history WHEN NEW.seat = 0
    BEGIN INSERT INTO _stale VALUES (NEW.guild, NEW.kind, NEW.position); END;
CREATE TRIGGER voided_game AFTER DELETE ON history WHEN OLD.seat = 0
    BEGIN INSERT INTO _stale VALUES (OLD.guild, OLD.kind, OLD.position); END;
