-- "led" is the move that a command led to, if it did. It stands right behind it, in the
-- same append, and an append is in the log as a whole or not at all: so it is there also where the batch ends
-- between the two. It is told in the row of its command, and is left out where it comes by itself.
-- Most events are moves and the commands that led to them: what is asked first, below, is what settles those. To
-- compare one by one is quicker than IN, for which SQLite makes a table to search.
INSERT INTO main._records (
    position, routine, time, place, player, tag, game, correlation, causation, payload,
    moved, move_tag, move
)
SELECT
    e.position,
    CASE
        WHEN led.position IS NOT NULL THEN 1
        WHEN e.invocation IS NOT NULL THEN 0
        ELSE e.tag IN (
            'game.move_played', 'game.move_hidden', 'game.choice_sealed', 'game.choices_revealed',
            'game.chance_drawn', 'game.chance_hidden'
        )
    END,
    e.time,
    CASE
        WHEN e.invocation IS NOT NULL OR e.tag = 'game.opened' THEN e.place
        WHEN e.stream GLOB 'game:*' THEN NULL
        WHEN e.stream GLOB 'lobby:*' THEN substr(e.stream, 7) || substr(e.place, instr(e.place, '/'))
        ELSE e.place
    END,
    e.player,
    e.tag,
    CASE
        WHEN led.position IS NOT NULL THEN substr(led.stream, 6)
        WHEN e.stream GLOB 'game:*' THEN substr(e.stream, 6)
        WHEN e.tag = 'lobby.game_set_aside' THEN e.payload ->> '$.game'
        WHEN e.invocation IS NULL THEN NULL
        ELSE coalesce(
            e.payload ->> '$.result.game',
            iif(e.payload ->> '$.command' IN ('open', 'match'), NULL, e.payload ->> '$.options.game')
        )
    END,
    e.correlation,
    e.causation,
    CASE
        WHEN led.position IS NOT NULL AND e.payload GLOB '{"command":"move",*' THEN e.payload
        -- A whole file is too much to tell, and what somebody chose in a poll is nobody's business: the poll tells as much as it should.
        WHEN e.tag IN ('command.invoked', 'game.opened') THEN
            CASE
                WHEN instr(e.payload, '[{') OR instr(e.payload, ',{') THEN
                    masked(json_remove(e.payload, '$.result', '$.options.salt', '$.options.choice', '$.options.file'))
                ELSE json_remove(e.payload, '$.result', '$.options.salt', '$.options.choice', '$.options.file')
            END
        WHEN e.tag IN ('game.ended', 'game.seat_taken') THEN json_remove(e.payload, '$.seed', '$.salt')
        WHEN e.tag IN ('game.move_hidden', 'game.choice_sealed', 'game.chance_hidden') THEN
            json_remove(e.payload, '$.move', '$.outcome')
        WHEN e.tag IN (
            'game.move_played', 'game.invited', 'game.invitation_declined', 'game.invitation_expired', 'game.seat_left',
            'game.seat_handed_over', 'game.started', 'game.choices_revealed', 'game.chance_drawn',
            'game.timed_out', 'game.reminded', 'game.draw_offered', 'game.draw_declined',
            'game.takeback_asked', 'game.takeback_declined', 'game.taken_back', 'game.resigned', 'game.voided',
            'game.rematched', 'lobby.game_set_aside', 'guild.setting_changed', 'guild.permission_changed',
            'guild.restricted', 'guild.restriction_lifted', 'guild.maintenance_changed', 'command.throttled',
            'case.opened', 'case.amended', 'effect.intended'
        ) THEN e.payload
        -- What came of an effect says what was wanted, too: that is the first event of its stream.
        WHEN e.tag IN ('effect.done', 'effect.failed') THEN (
            SELECT json_patch(
                json_remove(wanted.payload, '$.data'),
                json_object('removed', e.payload ->> '$.result.removed', 'code', e.payload ->> '$.code',
                    'sentence', e.payload ->> '$.sentence', 'member', wanted.payload ->> '$.data.member')
            )
            FROM log.events AS wanted WHERE wanted.stream = e.stream AND wanted.version = 1
        )
    END,
    led.position,
    led.tag,
    iif(led.tag = 'game.move_played', led.payload, json_remove(led.payload, '$.move'))
FROM batch AS e
LEFT JOIN log.events AS led
    ON led.position = CASE WHEN e.invocation IS NOT NULL THEN e.position + 1 END
    AND led.causation = e.position
    AND (led.tag = 'game.move_played' OR led.tag = 'game.move_hidden' OR led.tag = 'game.choice_sealed')
WHERE e.invocation IS NOT NULL OR (
    NOT (
        e.causation = e.position - 1
        AND (e.tag = 'game.move_played' OR e.tag = 'game.move_hidden' OR e.tag = 'game.choice_sealed')
        AND e.causation NOT IN (SELECT position FROM main._dead_letters)
    )
    AND e.tag NOT IN (
        'game.clocks_set', 'lobby.game_listed', 'lobby.game_changed', 'lobby.game_closed', 'guild.cooldown_began'
    )
    -- Reminders and polls that were told, as was wanted, are nothing to ask about.
    AND NOT (e.tag = 'effect.done' AND 'message' = (
        SELECT wanted.payload ->> '$.what' FROM log.events AS wanted
        WHERE wanted.stream = e.stream AND wanted.version = 1
    ))
);

INSERT OR IGNORE INTO main._games (game, place, first)
SELECT game, place, position FROM main._records
WHERE routine = 0 AND position > (SELECT after FROM temp.span) AND tag = 'game.opened';

UPDATE main._games SET last = ended.position
FROM (
    SELECT game, position FROM main._records
    WHERE routine = 0 AND position > (SELECT after FROM temp.span) AND tag = 'game.ended'
) AS ended
WHERE _games.game = ended.game;

INSERT INTO main.words (rowid, text)
SELECT position, text FROM (
    SELECT
        position,
        CASE tag
            WHEN 'command.invoked' THEN trim(coalesce(sentence, '') || ' ' || coalesce((
                SELECT group_concat(atom, ' ') FROM json_tree(options)
                WHERE type = 'text' AND key NOT IN ('game', 'player')
            ), ''))
            ELSE detail
        END AS text
    FROM main.entries
    WHERE routine = 0 AND position > (SELECT after FROM temp.span)
      AND tag IN ('command.invoked', 'game.voided', 'game.ended', 'lobby.game_set_aside', 'guild.setting_changed', 'guild.restricted',
        'guild.maintenance_changed', 'case.opened', 'case.amended')
)
WHERE text <> '';
