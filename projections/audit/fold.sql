INSERT OR IGNORE INTO main._games (game, place, first)
SELECT substr(stream, 6), place, position FROM batch WHERE tag = 'game.opened';

-- "led" is the move that the command "move" led to, where it was accepted. It stands right behind it, in the
-- same append, and an append is in the log as a whole or not at all: so it is there also where the batch ends
-- between the two. It is looked for behind every event, as the next row costs less than a search does.
INSERT INTO main._records (
    position, routine, time, place, player, tag, game, correlation, causation, payload
)
SELECT
    e.position,
    e.tag = 'game.move_played' OR led.position IS NOT NULL OR e.tag IN (
        'game.move_hidden', 'game.choice_sealed', 'game.choices_revealed', 'game.chance_drawn',
        'game.chance_hidden'
    ),
    e.time,
    CASE
        WHEN opened.game IS NOT NULL THEN opened.place
        WHEN e.invocation IS NULL AND e.stream GLOB 'lobby:*' THEN
            substr(e.stream, 7) || substr(e.place, instr(e.place, '/'))
        ELSE e.place
    END,
    e.player,
    e.tag,
    CASE
        WHEN led.position IS NOT NULL THEN substr(led.stream, 6)
        WHEN opened.game IS NOT NULL THEN opened.game
        WHEN e.stream GLOB 'game:*' THEN substr(e.stream, 6)
        WHEN e.tag = 'lobby.game_set_aside' THEN e.payload ->> '$.game'
        WHEN e.invocation IS NULL THEN NULL
        WHEN e.payload ->> '$.result.game' IS NOT NULL THEN e.payload ->> '$.result.game'
        WHEN e.payload ->> '$.command' NOT IN ('open', 'match') THEN e.payload ->> '$.options.game'
    END,
    e.correlation,
    e.causation,
    CASE
        WHEN e.tag = 'game.move_played' OR led.position IS NOT NULL THEN e.payload
        WHEN e.tag IN ('game.move_hidden', 'game.choice_sealed', 'game.chance_hidden') THEN
            json_remove(e.payload, '$.move', '$.outcome')
        WHEN e.tag IN ('game.ended', 'game.seat_taken') THEN json_remove(e.payload, '$.seed', '$.salt')
        -- What somebody chose in a poll is nobody's business: the poll tells as much as it should.
        WHEN e.tag IN ('command.invoked', 'game.opened') THEN
            CASE
                WHEN instr(e.payload, '[{') OR instr(e.payload, ',{') THEN
                    masked(json_remove(e.payload, '$.result', '$.options.salt', '$.options.choice'))
                ELSE json_remove(e.payload, '$.result', '$.options.salt', '$.options.choice')
            END
        WHEN e.tag IN (
            'game.invited', 'game.invitation_declined', 'game.invitation_expired', 'game.seat_left',
            'game.seat_handed_over', 'game.started', 'game.choices_revealed', 'game.chance_drawn',
            'game.timed_out', 'game.reminded', 'game.draw_offered', 'game.draw_declined',
            'game.takeback_asked', 'game.takeback_declined', 'game.taken_back', 'game.resigned', 'game.voided',
            'game.rematched', 'lobby.game_set_aside', 'guild.setting_changed', 'guild.permission_changed',
            'guild.restricted', 'guild.restriction_lifted', 'guild.maintenance_changed', 'command.throttled'
        ) THEN e.payload
    END
FROM batch AS e
LEFT JOIN log.events AS led
    ON led.position = e.position + 1 AND led.causation = e.position
    AND led.tag IN ('game.move_played', 'game.move_hidden', 'game.choice_sealed')
    AND e.payload GLOB '{"command":"move",*'
LEFT JOIN main._games AS opened ON opened.game = CASE WHEN e.invocation IS NULL THEN substr(e.stream, 6) END
WHERE e.invocation IS NOT NULL OR e.tag = 'game.move_played' OR e.tag NOT IN (
    'game.clocks_set', 'lobby.game_listed', 'lobby.game_changed', 'lobby.game_closed',
    'guild.cooldown_began'
);

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
        'guild.maintenance_changed')
)
WHERE text <> '';
