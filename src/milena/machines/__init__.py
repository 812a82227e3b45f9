"""The machines at their games: they follow the log, and move when it is their turn, as any player does."""
