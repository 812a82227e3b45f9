"""Rate limits: one bucket a route and major id, one for all, and the count of invalid requests.

Discord does not publish the numbers of its buckets and says that they change: those below are what bots
have seen.
"""

from collections import deque
from dataclasses import dataclass
from hashlib import md5

from .clock import Clock
from .errors import Json
from .settings import Settings

SEEN = {
    "POST /channels/{channel}/messages": (5, 5.0),
    "PATCH /channels/{channel}/messages/{message}": (5, 5.0),
    "DELETE /channels/{channel}/messages/{message}": (5, 1.0),
    "POST /channels/{channel}/messages/bulk-delete": (1, 3.0),
    "POST /webhooks/{application}/{token}": (5, 2.0),
    "GET /webhooks/{application}/{token}/messages/{message}": (5, 2.0),
    "PATCH /webhooks/{application}/{token}/messages/{message}": (5, 2.0),
    "DELETE /webhooks/{application}/{token}/messages/{message}": (5, 2.0),
    "PUT /applications/{application}/commands": (5, 20.0),
    "PATCH /guilds/{guild}/members/{user}": (10, 10.0),
}
MAJOR = ("channel", "guild", "token")


@dataclass
class Bucket:
    limit: int
    period: float
    left: int
    resets: float


@dataclass
class Limited:
    """A 429, in Discord's words."""

    after: float
    scope: str = "user"
    """``user``: this route; ``shared``: the resource, which does not count as invalid; ``global``."""

    def json(self) -> Json:
        message = (
            "The resource is being rate limited." if self.scope == "shared" else "You are being rate limited."
        )
        return {"message": message, "retry_after": round(self.after, 3), "global": self.scope == "global"}

    def headers(self) -> dict[str, str]:
        said = {"Retry-After": str(int(self.after) + 1), "X-RateLimit-Scope": self.scope, "Via": "1.1 google"}
        if self.scope == "global":
            said["X-RateLimit-Global"] = "true"
        return said


class Limits:
    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock, self._settings = clock, settings
        self.numbers = dict(SEEN)
        """(Calls, seconds) by route; a test may change them."""
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._recent: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self._banned_until = 0.0

    @property
    def invalid(self) -> int:
        """Answers with 401, 403 or 429 in the last ten minutes."""
        now = self._clock.now()
        while self._invalid and self._invalid[0] <= now - 600:
            self._invalid.popleft()
        return len(self._invalid)

    def banned(self) -> bool:
        """Cloudflare answers in Discord's place. For how long is not documented: here it is a minute."""
        return self._clock.now() < self._banned_until

    def take(self, name: str, ids: dict[str, str]) -> tuple[Limited | None, dict[str, str]]:
        """A call of the route ``name``: is it one too many, and what the headers say of its bucket."""
        if not self._settings.rate_limits:
            return None, {}
        now = self._clock.now()
        if not of_interactions(name):
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= self._settings.global_limit:
                return Limited(self._recent[0] + 1 - now, "global"), {}
            self._recent.append(now)
        if name not in self.numbers:
            return None, {}
        limit, period = self.numbers[name]
        major = "/".join(ids[each] for each in MAJOR if each in ids)
        bucket = self._buckets.get((name, major))
        if bucket is None or bucket.resets <= now:
            bucket = self._buckets[name, major] = Bucket(limit, period, limit, now + period)
        over = bucket.left == 0
        bucket.left = max(0, bucket.left - 1)
        after = bucket.resets - now
        headers = {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.left),
            "X-RateLimit-Reset": f"{bucket.resets:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": md5(name.encode(), usedforsecurity=False).hexdigest(),
        }
        return (Limited(after), headers) if over else (None, headers)

    def answered(self, status: int, *, shared: bool) -> None:
        """Count the answer where it is one to an invalid request."""
        if status in (401, 403) or (status == 429 and not shared):
            self._invalid.append(self._clock.now())
            if self.invalid >= self._settings.invalid_limit:
                self._banned_until = self._clock.now() + 60


def of_interactions(name: str) -> bool:
    """The routes that the global limit leaves out."""
    path = name.split(" ")[1]
    return path.startswith(("/interactions/", "/webhooks/{application}/{token}"))
