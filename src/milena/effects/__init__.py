"""What is to be done outside: found in the log, done by whoever serves the place, and its end recorded."""
