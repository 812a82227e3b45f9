"""What a test may ask of the stand-in, before it starts."""

from dataclasses import dataclass


@dataclass
class Settings:
    token: str = "stand-in.token.of-no-value"
    heartbeat: float = 41.25
    """Seconds between two heartbeats, as HELLO says."""
    answer_within: float = 3.0
    """Seconds in which the first answer to an interaction has to come."""
    token_life: float = 15 * 60.0
    """Seconds for which the token of an interaction is good."""
    privileged: int = 0
    """Privileged intents that the application was granted: others close with 4014."""
    shards: int = 1
    """What /gateway/bot recommends."""
    shards_required: int = 1
    """Fewer than this close with 4011."""
    max_concurrency: int = 1
    identify_interval: float = 5.0
    """Seconds between two IDENTIFY of one concurrency bucket; a test that restarts a bot sets 0."""
    identifies: int = 1000
    """Sessions that may be started; Discord resets the token beyond."""
    rate_limits: bool = True
    global_limit: int = 50
    """Calls a second, for all routes but those of interactions."""
    invalid_limit: int = 10_000
    """401, 403 and 429 in ten minutes, after which Cloudflare answers for a while."""
    summary: bool = True
    """The application object has its old field `summary`: interactions.py cannot log in without it."""
