-- Each player of each game that ended with a result. A voided game has no row here.
CREATE TABLE results (
    game     TEXT NOT NULL,
    seat     INTEGER NOT NULL,
    position INTEGER NOT NULL,  -- of the event that ended it
    time     INTEGER NOT NULL,  -- of that event, in ms since 1970
    opened   INTEGER NOT NULL,  -- the time when the game was opened
    guild    TEXT NOT NULL,
    kind     TEXT NOT NULL,     -- what was played, such as tictactoe
    seats    INTEGER NOT NULL,  -- how many played; 1: a game alone
    plies    INTEGER NOT NULL,  -- how long the game was
    player   TEXT NOT NULL,
    result   TEXT NOT NULL,     -- won, drawn or lost
    score    REAL NOT NULL,     -- 1, between, or 0
    points   INTEGER,           -- what the game counts, where it counts anything
    whole    INTEGER NOT NULL,  -- 1: sat there from the beginning to the end, 0: came in late, or took the seat over
    PRIMARY KEY (game, seat)
) STRICT, WITHOUT ROWID;
CREATE INDEX results_player ON results (player, guild, position);
CREATE INDEX results_kind ON results (guild, kind, points);

-- What a game itself says that a player has achieved in it.
CREATE TABLE feats (
    game     TEXT NOT NULL,
    seat     INTEGER NOT NULL,
    feat     TEXT NOT NULL,     -- as in _achievements
    position INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    guild    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    player   TEXT NOT NULL,
    PRIMARY KEY (game, seat, feat)
) STRICT, WITHOUT ROWID;
CREATE INDEX feats_player ON feats (player, guild, position);
CREATE TRIGGER voided_feats AFTER DELETE ON results
    BEGIN DELETE FROM feats WHERE game = OLD.game AND seat = OLD.seat; END;

-- What can be achieved. "need" is how much of it.
CREATE TABLE _achievements (
    place       INTEGER PRIMARY KEY,  -- in the list
    achievement TEXT NOT NULL UNIQUE,
    need        INTEGER NOT NULL,
    about       TEXT NOT NULL
) STRICT;
INSERT INTO _achievements VALUES
    ( 1, 'first win',       1, 'Win a game.'),
    ( 2, 'ten wins',       10, 'Win ten games.'),
    ( 3, 'hundred wins',  100, 'Win a hundred games.'),
    ( 4, 'on fire',         5, 'Win five games in a row against others.'),
    ( 5, 'versatile',       5, 'Win five kinds of games.'),
    ( 6, 'well-rounded',   10, 'Play ten kinds of games to the end.'),
    ( 7, 'beat a machine',  1, 'Win a game that a machine has lost.'),
    ( 8, 'last one up',     1, 'Win alone against three or more.'),
    ( 9, 'sociable',       10, 'Play with ten different people.'),
    (10, 'rivals',         25, 'Play 25 games with the same person.'),
    (11, 'regular',       100, 'Play a hundred games.'),
    (12, 'marathon',      200, 'Play a game of 200 plies to the end.'),
    (13, 'record holder',   1, 'Hold the record of a game that counts points.'),
    (21, 'treasure hunter', 1, 'Dungeon: carry 150 gold out.'),
    (22, 'veteran',         1, 'Dungeon: reach level 4.'),
    (23, 'untouched',       1, 'Dungeon: win without a wound.'),
    (24, 'no potion',       1, 'Dungeon: win without a potion.'),
    (25, 'light to spare',  1, 'Dungeon: win with a third of the light left.'),
    (26, 'full clear',      1, 'Dungeon: win with every room entered and no foe left.');
