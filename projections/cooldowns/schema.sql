-- A row for each member and command that ever rested, and for each command that rested for all: until when it
-- did last.
CREATE TABLE cooldowns (
    guild   TEXT NOT NULL,
    player  TEXT NOT NULL,     -- for whom; empty: for all
    channel TEXT NOT NULL,     -- where; empty: everywhere
    command TEXT NOT NULL,
    since   INTEGER NOT NULL,  -- when it was called, in ms since 1970
    ready   INTEGER NOT NULL,  -- when it may be called again
    PRIMARY KEY (guild, player, channel, command)
) STRICT, WITHOUT ROWID;
CREATE INDEX cooldowns_ready ON cooldowns (ready);
