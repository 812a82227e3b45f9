-- A voided game has no row here.
CREATE TABLE results (
    game     TEXT NOT NULL,
    seat     INTEGER NOT NULL,
    position INTEGER NOT NULL,  -- of the event that ended it
    time     INTEGER NOT NULL,  -- of that event, in ms since 1970
    guild    TEXT NOT NULL,
    kind     TEXT NOT NULL,     -- what was played, such as tictactoe
    player   TEXT NOT NULL,
    result   TEXT NOT NULL,     -- won, drawn or lost
    score    REAL NOT NULL,     -- 1, between, or 0
    points   INTEGER,           -- what the game counts, where it counts anything
    PRIMARY KEY (game, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_guild ON results (guild, kind, time);
CREATE INDEX results_player ON results (player, guild, kind);
