"""Commands to laugh and to decide by: dice, coins, and what chance says."""
