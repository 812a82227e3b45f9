"""Quick match takes the nearest rating first, as the read model of ratings has it by then."""

from collections.abc import Callable

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId
from milena.home import Home


def test_who_waits_with_the_nearest_rating_comes_before_who_waits_longest(
    home: Home, invocation: Callable[..., Invocation]
) -> None:
    def player(name: str) -> PlayerId:
        return home.vault.player("terminal", name)

    strong, weak, newcomer = player("strong"), player("weak"), player("stronger")
    follower = home.readside().follower()
    with follower, home.engine(follower.wake) as engine:

        def ask(command: str, who: PlayerId, **options: object) -> str:
            answer = engine.call(invocation(command, who, **options))
            assert answer.verdict == "accepted", answer.sentence
            return str(answer.result["game"])

        # Given two who have won, and one who has lost
        for winner in (strong, newcomer):
            for _ in range(3):
                game = ask("open", winner, game="tictactoe")
                ask("join", weak, game=game)
                ask("resign", weak, game=game)
        follower.wait(home.store.head().position, timeout=60)
        # When the weak one waits longer than the strong one
        ask("open", weak, game="tictactoe")
        waiting = ask("open", strong, game="tictactoe")
        # Then who is strong, too, is matched with the strong one
        assert ask("match", newcomer, game="tictactoe") == waiting
