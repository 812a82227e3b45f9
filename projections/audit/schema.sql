-- What the view "entries" is made of, when it is asked. Most rows are routine, and are copied from the log
-- without a look into the payload: a command, and the move that it led to. Out of the others' is taken what nobody
-- here may know (see there), and what a command answered.
CREATE TABLE _records (
    position    INTEGER PRIMARY KEY,
    routine     INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    place       TEXT,              -- guild/channel; NULL: that of its game, see there
    player      TEXT NOT NULL,
    tag         TEXT NOT NULL,
    game        TEXT REFERENCES _games (game),
    correlation TEXT NOT NULL,
    causation   INTEGER,
    payload     TEXT,              -- NULL: this release can't say what may be secret in it
    moved       INTEGER,           -- the position of the move that it led to, if it did,
    move_tag    TEXT,              -- its tag
    move        TEXT               -- and its payload
) STRICT;
-- All that is not routine, in order, with what it is sought by. Routine is found by the span of its game. One
-- index that grows at its end costs a fraction of those that grow everywhere, and is read through in no time.
CREATE INDEX _moved ON _records (moved) WHERE moved IS NOT NULL;
CREATE INDEX _notable ON _records (routine, position, place, player, game) WHERE routine = 0;

-- A row for each event that somebody may ask about. Left out are the clocks of games, which are set anew with
-- each move, and the lists of open games. Nothing here is secret: what is sealed in the log is "(sealed)",
-- seeds and salts are left out, and of a list of things among the options there is only their number.
-- An event that this release does not know has a row with what its envelope tells.
CREATE VIEW entries AS
SELECT
    position,
    routine,      -- 1: a move that was accepted, or what it led to on the board
    CAST(0 AS INTEGER) AS played,  -- 1: the move, which is kept in the row of its command
    time,         -- ms since 1970
    -- Where a command was called. What happens to a game, happens where the game was opened, wherever it was
    -- called from: so the moderators there see all of it.
    substr(happened, 1, instr(happened, '/') - 1) AS guild,
    substr(happened, instr(happened, '/') + 1) AS channel,
    player,       -- who asked for it
    tag,          -- what happened, see docs/storage.md
    CASE
        WHEN tag <> 'command.invoked' THEN NULL
        WHEN routine AND payload GLOB '{"command":"move",*' THEN 'move'
        ELSE payload ->> '$.command'
    END AS command,
    -- accepted, refused or failed
    CASE WHEN tag = 'command.invoked' THEN iif(routine, 'accepted', payload ->> '$.verdict') END AS verdict,
    -- why it was refused or failed; how a game ended, what a late seat missed
    CASE
        WHEN routine THEN NULL
        WHEN tag = 'game.ended' THEN payload ->> '$.how'
        WHEN tag = 'game.timed_out' THEN payload ->> '$.missed'
        ELSE payload ->> '$.code'
    END AS code,
    -- what the player was told then; <id> stands for a player's name
    iif(routine, NULL, payload ->> '$.sentence') AS sentence,
    game,         -- the id of the game that it is about
    -- of an event of a game, a guild, a case or an effect; <id> stands for a player's name
    CASE tag
        WHEN 'command.invoked' THEN NULL
        WHEN 'game.move_played' THEN payload ->> '$.move'
        WHEN 'game.chance_drawn' THEN payload ->> '$.outcome'
        WHEN 'game.move_hidden' THEN '(sealed)'
        WHEN 'game.choice_sealed' THEN '(sealed)'
        WHEN 'game.chance_hidden' THEN '(sealed)'
        WHEN 'game.choices_revealed' THEN (
            SELECT group_concat('seat ' || ((value ->> 0) + 1) || ': ' || (value ->> 1), ', ')
            FROM json_each(payload, '$.choices')
        )
        WHEN 'game.opened' THEN payload ->> '$.game'
        WHEN 'game.invited' THEN
            'seat ' || ((payload ->> '$.seat') + 1) || ' for <' || (payload ->> '$.player') || '>'
        WHEN 'game.invitation_declined' THEN
            iif(payload ->> '$.by' = payload ->> '$.player', 'turned down by <', 'taken back from <')
            || (payload ->> '$.player') || '>'
        WHEN 'game.invitation_expired' THEN 'not answered by <' || (payload ->> '$.player') || '>'
        WHEN 'game.seat_handed_over' THEN
            'seat ' || ((payload ->> '$.seat') + 1) || ': <' || (payload ->> '$.player') || '> for <'
            || (payload ->> '$.before') || '>'
        WHEN 'game.started' THEN 'seats: ' || (payload ->> '$.seats')
        WHEN 'game.takeback_asked' THEN
            'seat ' || ((payload ->> '$.seat') + 1) || ', plies: ' || (payload ->> '$.plies')
        WHEN 'game.taken_back' THEN 'plies: ' || (payload ->> '$.plies')
        WHEN 'game.ended' THEN payload ->> '$.reason'
        WHEN 'game.voided' THEN payload ->> '$.reason'
        WHEN 'game.rematched' THEN 'as ' || (payload ->> '$.game')
        WHEN 'lobby.game_set_aside' THEN payload ->> '$.problem'
        WHEN 'guild.setting_changed' THEN
            (payload ->> '$.name') || ': ' || coalesce(payload ->> '$.before', 'default') || ' → '
            || coalesce(payload ->> '$.after', 'default')
        WHEN 'guild.permission_changed' THEN
            iif(
                payload ->> '$.subject' GLOB 'user:*', '<' || substr(payload ->> '$.subject', 6) || '>',
                payload ->> '$.subject'
            )
            || ', ' || (payload ->> '$.target') || ': ' || iif(payload ->> '$.after' = '', 'no rule', payload ->> '$.after')
        WHEN 'guild.restricted' THEN
            '#' || (payload ->> '$.number') || ' /' || (payload ->> '$.command')
            || coalesce(', channel ' || (payload ->> '$.channel'), '')
            || coalesce(', role ' || (payload ->> '$.role'), '')
            || coalesce(', <' || (payload ->> '$.user') || '>', '') || coalesce(': ' || (payload ->> '$.reason'), '')
        WHEN 'guild.restriction_lifted' THEN
            '#' || (payload ->> '$.number') || iif(payload ->> '$.ran_out', ', its time was over', '')
        WHEN 'guild.maintenance_changed' THEN
            iif(payload ->> '$.on', 'on', 'off') || coalesce(': ' || (payload ->> '$.reason'), '')
        WHEN 'case.opened' THEN
            'case ' || (payload ->> '$.number') || ', ' || (payload ->> '$.act')
            || coalesce(' <' || (payload ->> '$.member') || '>', '') || coalesce(': ' || (payload ->> '$.reason'), '')
        WHEN 'case.amended' THEN 'case ' || (payload ->> '$.number') || ': ' || (payload ->> '$.reason')
        WHEN 'effect.intended' THEN (payload ->> '$.what') || coalesce(' <' || (payload ->> '$.data.member') || '>', '')
        WHEN 'effect.done' THEN
            (payload ->> '$.what') || coalesce(' <' || (payload ->> '$.member') || '>', '')
            || coalesce(', messages removed: ' || (payload ->> '$.removed'), '')
        WHEN 'effect.failed' THEN (payload ->> '$.what') || coalesce(' <' || (payload ->> '$.member') || '>', '')
        WHEN 'command.throttled' THEN (payload ->> '$.refused') || ' more were refused'
        ELSE 'seat ' || ((payload ->> '$.seat') + 1) || coalesce(': <' || (payload ->> '$.player') || '>', '')
    END AS detail,
    payload -> '$.options' AS options,  -- of a command, or of a game that was opened: a JSON object
    correlation,  -- the id of the invocation that everything goes back to
    causation,    -- the position of the event that led to this one; NULL: a person did
    -- when the command may be used again, where it rests, in ms since 1970
    CAST(iif(routine, NULL, payload ->> '$.ready') AS INTEGER) AS ready,
    -- from the call of a command to its verdict
    CAST(iif(tag = 'command.invoked', coalesce(payload ->> '$.duration', 0), NULL) AS INTEGER) AS duration_us
FROM (
    SELECT *, coalesce(place, (SELECT place FROM _games WHERE _games.game = _records.game), '') AS happened
    FROM _records
)
UNION ALL
SELECT  -- Each column of the same affinity as above: only then does SQLite read both in order, and the latest first.
    position, CAST(1 AS INTEGER), CAST(1 AS INTEGER), time, substr(place, 1, instr(place, '/') - 1), substr(place, instr(place, '/') + 1), player, tag,
    NULL, NULL, NULL, NULL, game, iif(tag = 'game.move_played', move ->> '$.move', '(sealed)'), NULL,
    correlation, causation, CAST(NULL AS INTEGER), CAST(NULL AS INTEGER)
FROM _moves;

-- The moves that stand in the rows of their commands. They happen where their game was opened, and not where the
-- command was called: so this view is scoped for guilds by itself, and reads the tables as they are.
CREATE VIEW _moves AS
SELECT
    moved AS position, time,
    coalesce((SELECT place FROM main._games AS its WHERE its.game = played.game), '') AS place,
    player, move_tag AS tag, game, correlation, position AS causation, move
FROM main._records AS played
WHERE moved IS NOT NULL;

CREATE TABLE _games (
    game  TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER
) STRICT, WITHOUT ROWID;

-- Where each game was opened, and the positions between which it was played.
CREATE VIEW games AS
SELECT
    game,
    substr(place, 1, instr(place, '/') - 1) AS guild,
    substr(place, instr(place, '/') + 1) AS channel,
    first,
    last          -- NULL: it goes on
FROM _games;

-- The words of all rows but the routine: sentences, reasons, texts among the options. Of a row there are only
-- its words, and its position.
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2');
