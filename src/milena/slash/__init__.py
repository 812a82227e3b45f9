"""Slash commands: how each command is offered, on Discord and in the shell, from its one declaration."""
