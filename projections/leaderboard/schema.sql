-- A voided game has no row here.
CREATE TABLE results (
    game     TEXT NOT NULL,
    seat     INTEGER NOT NULL,
    position INTEGER NOT NULL,  -- of the event that ended it
    time     INTEGER NOT NULL,  -- of that event, in ms since 1970
    guild    TEXT NOT NULL,
    kind     TEXT NOT NULL,     -- what was played, such as tictactoe
    seats    INTEGER NOT NULL,  -- how many played; 1: a game alone
    player   TEXT NOT NULL,
    result   TEXT NOT NULL,     -- won, drawn or lost
    score    REAL NOT NULL,     -- 1, between, or 0
    points   INTEGER,           -- what the game counts, where it counts anything
    whole    INTEGER NOT NULL,  -- 1: sat there from the beginning to the end, 0: came in late, or took the seat over
    PRIMARY KEY (guild, position, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_game ON results (game);
CREATE INDEX results_player ON results (player, guild, position);
