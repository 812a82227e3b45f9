"""Milena: games and commands on an event-sourced engine."""

__version__ = "0.3.0"
