"""What was recorded, seen again: a game ply by ply, checks of the whole log, its export and import."""
