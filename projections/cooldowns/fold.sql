-- The last call counts, as it does for the member. (A column beside max() is that of the row with the most.)
INSERT OR REPLACE INTO main.cooldowns (guild, player, channel, command, since, ready)
SELECT guild, player, '', command, since, ready
FROM (
    SELECT
        substr(place, 1, instr(place, '/') - 1) AS guild,
        player,
        payload ->> '$.command' AS command,
        time AS since,
        payload ->> '$.ready' AS ready,
        max(position)
    FROM batch
    WHERE tag = 'command.invoked' AND instr(payload, '"ready":') AND payload ->> '$.ready' > 0
    GROUP BY guild, player, command
);

-- Those that all have together.
INSERT OR REPLACE INTO main.cooldowns (guild, player, channel, command, since, ready)
SELECT guild, '', channel, command, since, ready
FROM (
    SELECT
        substr(stream, 7) AS guild,
        coalesce(payload ->> '$.channel', '') AS channel,
        payload ->> '$.command' AS command,
        time AS since,
        payload ->> '$.ready' AS ready,
        max(position)
    FROM batch
    WHERE tag = 'guild.cooldown_began'
    GROUP BY guild, channel, command
);
