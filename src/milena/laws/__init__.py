"""The laws of games: what holds for all of them, and for any that is added."""
