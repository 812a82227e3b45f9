"""Cooldowns that the members of a guild share: of a command in a channel, or in the whole guild."""

from milena.domain.guild.state import Guild


def ready(guild: Guild, command: str, channel: str) -> int:
    """When ``command`` may be used again, in ms since 1970; 0: it does not rest. ``channel`` is empty
    where the guild shares the cooldown."""
    return guild.cooldowns.get(f"{command} {channel}" if channel else command, 0)
