"""Commands for those who look after a server: what may be done there, and by whom."""
