"""Commands about games: finding each other, playing, agreeing, ending."""
