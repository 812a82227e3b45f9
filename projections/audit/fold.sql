INSERT OR IGNORE INTO main.games (game, guild, channel, first)
SELECT
    substr(stream, 6),
    substr(place, 1, instr(place, '/') - 1),
    substr(place, instr(place, '/') + 1),
    position
FROM batch WHERE tag = 'game.opened';

-- Only command.invoked has an invocation: that is asked first, as it is told fastest.
INSERT INTO main.entries (
    position, routine, time, guild, channel, player, tag, command, verdict, code, sentence, game, detail,
    options, correlation, causation, ready, duration_us
)
SELECT
    e.position,
    CASE
        WHEN e.invocation IS NOT NULL THEN
            e.payload ->> '$.command' = 'move' AND e.payload ->> '$.verdict' = 'accepted'
        WHEN e.tag = 'game.move_played' THEN 1
        ELSE e.tag IN (
            'game.move_hidden', 'game.choice_sealed', 'game.choices_revealed', 'game.chance_drawn',
            'game.chance_hidden'
        )
    END,
    e.time,
    CASE
        WHEN opened.guild IS NOT NULL THEN opened.guild
        WHEN e.invocation IS NULL AND e.stream GLOB 'lobby:*' THEN substr(e.stream, 7)
        ELSE substr(e.place, 1, instr(e.place, '/') - 1)
    END,
    CASE
        WHEN opened.guild IS NOT NULL THEN opened.channel
        ELSE substr(e.place, instr(e.place, '/') + 1)
    END,
    e.player,
    e.tag,
    CASE WHEN e.invocation IS NOT NULL THEN e.payload ->> '$.command' END,
    CASE WHEN e.invocation IS NOT NULL THEN e.payload ->> '$.verdict' END,
    CASE
        WHEN e.invocation IS NOT NULL THEN e.payload ->> '$.code'
        WHEN e.tag = 'game.move_played' THEN NULL
        WHEN e.tag = 'game.ended' THEN e.payload ->> '$.how'
        WHEN e.tag = 'game.timed_out' THEN e.payload ->> '$.missed'
    END,
    CASE WHEN e.invocation IS NOT NULL THEN e.payload ->> '$.sentence' END,
    CASE
        WHEN e.invocation IS NULL THEN
            CASE
                WHEN opened.guild IS NOT NULL THEN opened.game
                WHEN e.stream GLOB 'game:*' THEN substr(e.stream, 6)
                WHEN e.tag = 'lobby.game_set_aside' THEN e.payload ->> '$.game'
            END
        WHEN e.payload ->> '$.result.game' IS NOT NULL THEN e.payload ->> '$.result.game'
        WHEN e.payload ->> '$.command' NOT IN ('open', 'match') THEN e.payload ->> '$.options.game'
    END,
    CASE
        WHEN e.invocation IS NOT NULL THEN NULL
        WHEN e.tag = 'game.move_played' THEN e.payload ->> '$.move'
        ELSE CASE e.tag
            WHEN 'game.chance_drawn' THEN e.payload ->> '$.outcome'
            WHEN 'game.move_hidden' THEN '(sealed)'
            WHEN 'game.choice_sealed' THEN '(sealed)'
            WHEN 'game.chance_hidden' THEN '(sealed)'
            WHEN 'game.choices_revealed' THEN (
                SELECT group_concat('seat ' || ((value ->> 0) + 1) || ': ' || (value ->> 1), ', ')
                FROM json_each(e.payload, '$.choices')
            )
            WHEN 'game.opened' THEN e.payload ->> '$.game'
            WHEN 'game.invited' THEN
                'seat ' || ((e.payload ->> '$.seat') + 1) || ' for <' || (e.payload ->> '$.player') || '>'
            WHEN 'game.invitation_declined' THEN
                CASE
                    WHEN e.payload ->> '$.by' = e.payload ->> '$.player' THEN 'turned down by <'
                    ELSE 'taken back from <'
                END || (e.payload ->> '$.player') || '>'
            WHEN 'game.invitation_expired' THEN 'not answered by <' || (e.payload ->> '$.player') || '>'
            WHEN 'game.seat_taken' THEN
                'seat ' || ((e.payload ->> '$.seat') + 1) || ': <' || (e.payload ->> '$.player') || '>'
            WHEN 'game.seat_left' THEN
                'seat ' || ((e.payload ->> '$.seat') + 1) || ': <' || (e.payload ->> '$.player') || '>'
            WHEN 'game.seat_handed_over' THEN
                'seat ' || ((e.payload ->> '$.seat') + 1) || ': <' || (e.payload ->> '$.player') || '> for <'
                || (e.payload ->> '$.before') || '>'
            WHEN 'game.started' THEN 'seats: ' || (e.payload ->> '$.seats')
            WHEN 'game.timed_out' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.reminded' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.draw_offered' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.draw_declined' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.takeback_asked' THEN
                'seat ' || ((e.payload ->> '$.seat') + 1) || ', plies: ' || (e.payload ->> '$.plies')
            WHEN 'game.takeback_declined' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.taken_back' THEN 'plies: ' || (e.payload ->> '$.plies')
            WHEN 'game.resigned' THEN 'seat ' || ((e.payload ->> '$.seat') + 1)
            WHEN 'game.ended' THEN e.payload ->> '$.reason'
            WHEN 'game.voided' THEN e.payload ->> '$.reason'
            WHEN 'game.rematched' THEN 'as ' || (e.payload ->> '$.game')
            WHEN 'lobby.game_set_aside' THEN e.payload ->> '$.problem'
        END
    END,
    CASE
        WHEN e.invocation IS NULL THEN
            CASE
                WHEN e.tag <> 'game.opened' THEN NULL
                WHEN instr(e.payload, '[{') THEN masked(e.payload -> '$.options')
                ELSE e.payload -> '$.options'
            END
        WHEN e.payload ->> '$.command' = 'move' THEN e.payload -> '$.options'
        WHEN instr(e.payload, '[{') THEN masked(json_remove(e.payload -> '$.options', '$.salt'))
        WHEN instr(e.payload, '"salt":') THEN json_remove(e.payload -> '$.options', '$.salt')
        ELSE e.payload -> '$.options'
    END,
    e.correlation,
    e.causation,
    CASE WHEN e.invocation IS NOT NULL THEN e.payload ->> '$.ready' END,
    CASE WHEN e.invocation IS NOT NULL THEN coalesce(e.payload ->> '$.duration', 0) END
FROM batch AS e
LEFT JOIN main.games AS opened ON opened.game = CASE WHEN e.invocation IS NULL THEN substr(e.stream, 6) END
WHERE e.invocation IS NOT NULL OR e.tag = 'game.move_played' OR e.tag NOT IN (
    'game.clocks_set', 'lobby.game_listed', 'lobby.game_changed', 'lobby.game_closed'
);

UPDATE main.games SET last = ended.position
FROM (
    SELECT game, position FROM main.entries INDEXED BY entries_notable
    WHERE routine = 0 AND position > (SELECT after FROM temp.span) AND tag = 'game.ended'
) AS ended
WHERE games.game = ended.game;

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
    FROM main.entries INDEXED BY entries_notable
    WHERE routine = 0 AND position > (SELECT after FROM temp.span)
      AND tag IN ('command.invoked', 'game.voided', 'game.ended', 'lobby.game_set_aside')
)
WHERE text <> '';
