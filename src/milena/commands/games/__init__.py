"""Commands about games: open, join, leave, move, resign, abort."""
