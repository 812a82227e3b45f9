"""Games in a terminal: boards drawn with rich, moves read with prompt_toolkit."""
