-- A row for each event that somebody may ask about. Left out are the clocks of games, which are set anew with
-- each move, and the lists of open games. Nothing here is secret: what is sealed in the log is "(sealed)",
-- seeds and salts are left out, and of a list of things among the options there is only their number.
-- An event that this release does not know has a row with what its envelope tells.
CREATE TABLE entries (
    position    INTEGER PRIMARY KEY,
    routine     INTEGER NOT NULL,  -- 1: a move that was accepted, or what it led to on the board
    time        INTEGER NOT NULL,  -- ms since 1970
    -- Where a command was called. What happens to a game, happens where the game was opened, wherever it was
    -- called from: so the moderators there see all of it.
    guild       TEXT NOT NULL,
    channel     TEXT NOT NULL,
    player      TEXT NOT NULL,     -- who asked for it
    tag         TEXT NOT NULL,     -- what happened, see docs/storage.md
    command     TEXT,
    verdict     TEXT,              -- accepted, refused or failed
    code        TEXT,              -- why it was refused or failed; how a game ended, what a late seat missed
    sentence    TEXT,              -- what the player was told then; <id> stands for a player's name
    game        TEXT,              -- the id of the game that it is about
    detail      TEXT,              -- of an event of a game; <id> stands for a player's name
    options     TEXT,              -- of a command, or of a game that was opened: a JSON object
    correlation TEXT NOT NULL,     -- the id of the invocation that everything goes back to
    causation   INTEGER,           -- the position of the event that led to this one; NULL: a person did
    ready       INTEGER,           -- when the command may be used again, where it rests, in ms since 1970
    duration_us INTEGER            -- from the call of a command to its verdict
) STRICT;
-- Nine of ten rows are routine. They are found by the span of their game, see below: an index of them would
-- cost as much as all the rest does. Every index ends with the position.
CREATE INDEX entries_notable ON entries (routine) WHERE routine = 0;
CREATE INDEX entries_guild ON entries (guild) WHERE routine = 0;
CREATE INDEX entries_player ON entries (player) WHERE routine = 0;
CREATE INDEX entries_game ON entries (game) WHERE routine = 0;

-- Where each game was opened, and the positions between which it was played.
CREATE TABLE games (
    game    TEXT PRIMARY KEY,
    guild   TEXT NOT NULL,
    channel TEXT NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER              -- NULL: it goes on
) STRICT, WITHOUT ROWID;

-- The words of all rows but the routine: sentences, reasons, texts among the options. Of a row there are only
-- its words, and its position.
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2');
