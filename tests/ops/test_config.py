"""The configuration: defaults, then the file, then the environment; and what is said of mistakes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.domain.limits import GameLimits
from milena.ops.config import SECTIONS, BadConfig, Config, EngineLimits, gather, load, settings
from milena.ops.settings import reference, template

COOLDOWNS = {"open": 0.0, "move": 1.5}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "milena.toml"


def problems(file: Path, environment: dict[str, str] | None = None) -> list[str]:
    """What is said about a configuration, the name of its directory left out."""
    with pytest.raises(BadConfig) as caught:
        gather(file, environment or {}, COOLDOWNS)
    return [problem.replace(f"{file.parent}/", "") for problem in caught.value.problems]


def test_without_a_file_every_setting_has_its_default(file: Path) -> None:
    assert gather(file, {}, COOLDOWNS) == (Config(), {}, {})


def test_the_file_sets_values_and_is_named_with_its_line(file: Path) -> None:
    file.write_text("# ours\n\n[engine]\nqueue = 7\n\n[cooldowns]\nopen = 2\n")
    config, sources, _ = gather(file, {}, COOLDOWNS)
    assert config == Config(EngineLimits(queue=7), cooldowns={"open": 2.0})
    assert sources == {"engine.queue": f"{file}:4", "cooldowns.open": f"{file}:7"}


def test_the_limits_of_games_can_be_set(file: Path) -> None:
    file.write_text("[limits]\nguild = 50\nidle = 0\n")
    config, sources, _ = gather(file, {"MILENA_LIMITS_MEMBER": "3"}, COOLDOWNS)
    assert config == Config(limits=GameLimits(guild=50, member=3, idle=0))
    assert sources["limits.guild"] == f"{file}:2"


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text("engine.queue = 7\nengine.batch = 8\n")
    environment = {"MILENA_ENGINE_QUEUE": "500", "MILENA_COOLDOWNS_OPEN": "0.5"}
    config, sources, overridden = gather(file, environment, COOLDOWNS)
    assert config == Config(EngineLimits(queue=500, batch=8), cooldowns={"open": 0.5})
    assert overridden == {"engine.queue": f"{file}:1"}
    assert sources == {
        "engine.queue": "MILENA_ENGINE_QUEUE",
        "engine.batch": f"{file}:2",
        "cooldowns.open": "MILENA_COOLDOWNS_OPEN",
    }


def test_a_variable_names_a_command_with_a_dash_by_an_underscore(file: Path) -> None:
    config, _, _ = gather(file, {"MILENA_COOLDOWNS_TAKE_BACK": "3"}, {"take-back": 0.0})
    assert config.cooldowns == {"take-back": 3.0}


def test_a_command_of_two_words_is_quoted_in_the_file_and_joined_in_a_variable(file: Path) -> None:
    file.write_text('[cooldowns]\n"poll create" = 9\n')
    known = {"poll create": 0.0}
    assert gather(file, {}, known).config.cooldowns == {"poll create": 9.0}
    assert gather(file, {"MILENA_COOLDOWNS_POLL_CREATE": "3"}, known).config.cooldowns == {"poll create": 3.0}
    file.write_text(template(settings(known)).replace('#"poll', '"poll'))
    assert gather(file, {}, known).config.cooldowns == known


def test_a_scope_is_one_of_three_words(file: Path) -> None:
    file.write_text('[scopes]\nopen = "channel"\n')
    config = gather(file, {"MILENA_SCOPES_MOVE": "guild"}, COOLDOWNS).config
    assert config.scopes == {"open": "channel", "move": "guild"}
    assert gather(file, {}).config.scopes == {"open": "channel"}, "also where the commands are not known"
    file.write_text('[scopes]\nopen = "server"\nmoev = "guild"\n')
    assert problems(file) == [
        "milena.toml:2: scopes.open must be channel, guild or member, not 'server'.",
        "milena.toml:3: unknown setting scopes.moev; did you mean scopes.move?",
    ]


def test_variables_that_are_no_settings_are_left_alone(file: Path) -> None:
    environment = {"MILENA_DATA": "x", "MILENA_DISCORD_API": "x", "MILENA_ENGINE": "x", "ENGINE_QUEUE": "x"}
    assert gather(file, environment, COOLDOWNS) == (Config(), {}, {})


def test_load_reads_the_file_of_the_directory_and_the_real_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("[engine]\nqueue = 7\n")
    monkeypatch.setenv("MILENA_ENGINE_BATCH", "9")
    assert load(file.parent).engine == EngineLimits(queue=7, batch=9)


def test_without_a_list_of_commands_any_can_have_a_cooldown(file: Path) -> None:
    file.write_text("[cooldowns]\nanything = 1\n")
    assert gather(file, {}).config.cooldowns == {"anything": 1.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[engine]\n\nqueu = 5", "milena.toml:3: unknown setting engine.queu; did you mean engine.queue?"),
        (
            "[engine]\nzzz = 5",
            "milena.toml:2: unknown setting engine.zzz; there are engine.queue, engine.batch, "
            "engine.cache, engine.retries.",
        ),
        ("[engin]\nqueue = 5", "milena.toml:1: unknown section [engin]; did you mean [engine]?"),
        (
            "\nzzz = 5",
            f"milena.toml:2: unknown section [zzz]; there are {', '.join(f'[{each}]' for each in SECTIONS)}.",
        ),
        ("engine = 5", "milena.toml:1: engine is a section: write [engine], and its settings below."),
        ("[engine]\nqueue = 0", "milena.toml:2: engine.queue must be a whole number, at least 1, not 0."),
        ('engine.queue = "5"', "milena.toml:1: engine.queue must be a whole number, at least 1, not '5'."),
        (
            "[engine]\nbatch = 1.5",
            "milena.toml:2: engine.batch must be a whole number from 1 to 10000, not 1.5.",
        ),
        (
            "[engine]\n# several lines\nbatch = [\n  1,\n  2,\n]\n",
            "milena.toml:3: engine.batch must be a whole number from 1 to 10000, not [1, 2].",
        ),
        (
            "[engine]\nretries = true",
            "milena.toml:2: engine.retries must be a whole number from 0 to 100, not True.",
        ),
        (
            "[cooldowns]\nopn = 5",
            "milena.toml:2: unknown setting cooldowns.opn; did you mean cooldowns.open?",
        ),
        (
            "[cooldowns]\nopen = inf",
            "milena.toml:2: cooldowns.open must be a number from 0 to 31622400, not inf.",
        ),
        (
            "[cooldowns]\nopen = nan",
            "milena.toml:2: cooldowns.open must be a number from 0 to 31622400, not nan.",
        ),
        (
            "[limits]\ninvitation = 0",
            "milena.toml:2: limits.invitation must be a whole number from 1 to 2592000, not 0.",
        ),
        ("[engine]\nqueue = \n", "milena.toml:2: this is not TOML (Invalid value); correct that line."),
        (
            "[engine]\nqueue = 1\nqueue = 2\n",
            "milena.toml:3: this is not TOML (Cannot overwrite a value); correct that line.",
        ),
        ("a = [1,\n2", "milena.toml:2: this is not TOML (Unclosed array); correct that line."),
        ("a = " + "[" * 5000, "milena.toml has lists in lists without end; no setting is such."),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_remedy(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    assert problems(file) == [said]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ENGINE_QUEUE", "x", "MILENA_ENGINE_QUEUE must be a whole number, at least 1, not 'x'."),
        ("ENGINE_QUEUE", "", "MILENA_ENGINE_QUEUE must be a whole number, at least 1, not ''."),
        ("ENGINE_RETRIES", "101", "MILENA_ENGINE_RETRIES must be a whole number from 0 to 100, not '101'."),
        ("ENGINE_QUEU", "5", "unknown setting MILENA_ENGINE_QUEU; did you mean MILENA_ENGINE_QUEUE?"),
        ("COOLDOWNS_OPN", "5", "unknown setting MILENA_COOLDOWNS_OPN; did you mean MILENA_COOLDOWNS_OPEN?"),
    ],
)
def test_a_wrong_variable_is_named_with_its_remedy(file: Path, variable: str, value: str, said: str) -> None:
    assert problems(file, {f"MILENA_{variable}": value}) == [said]


def test_all_mistakes_are_told_and_the_first_one_says_how_many(file: Path) -> None:
    file.write_text("[engine]\nqueue = 0\n[cooldowns]\nmove = -1\n")
    with pytest.raises(BadConfig) as caught:
        gather(file, {"MILENA_ENGINE_CACHE": "0"}, COOLDOWNS)
    assert len(caught.value.problems) == 3
    assert str(caught.value).endswith("at least 1, not 0. (2 more: run 'milena config check'.)")


@pytest.mark.parametrize("data", [b"\xff\xfe", b'[engine]\nname = "\xe9"\n', b"\0"])
def test_bytes_that_are_no_text_are_a_mistake_and_not_a_crash(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    assert len(problems(file)) == 1


def test_a_directory_in_the_place_of_the_file_is_named(file: Path) -> None:
    file.mkdir()
    [said] = problems(file)
    assert said.startswith("milena.toml can't be read (Is a directory)")


@given(st.text(alphabet='[]engiqu.=#"\n 0123-', max_size=60))
def test_whatever_the_file_says_it_is_read_or_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(text)
    said: list[str] = []
    try:
        gather(file, {}, COOLDOWNS)
    except BadConfig as error:
        said += error.problems
    assert all(problem.startswith(str(file)) for problem in said)


def test_the_template_sets_nothing_and_shows_every_default(file: Path) -> None:
    shown = template(settings(COOLDOWNS))
    file.write_text(shown)
    assert gather(file, {}, COOLDOWNS) == (Config(), {}, {})

    file.write_text("\n".join(line.removeprefix("#") for line in shown.splitlines() if line[:2] != "# "))
    config, sources, _ = gather(file, {}, COOLDOWNS)
    assert config == Config(cooldowns=COOLDOWNS, scopes={"open": "member", "move": "member"})
    assert len(sources) == len(settings(COOLDOWNS))


def test_the_reference_has_one_row_a_setting_and_one_for_all_commands_alike() -> None:
    rows = reference(settings({**COOLDOWNS, "join": 0.0, "leave": 0.0})).splitlines()
    assert len(rows) == 2 + 4 + 7 + 2 + 5 + 4 + 1 + 9 + 1 + 4 + 2 + 1
    assert rows[2] == (
        "| `engine.queue` | 10000 | a whole number, at least 1 "
        "| invocations that may wait; more are refused | `MILENA_ENGINE_QUEUE` |"
    )


def test_a_file_from_windows_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[engine]\r\nqueue = 5\r\nbatch = 0\r\n")
    assert problems(file) == ["milena.toml:3: engine.batch must be a whole number from 1 to 10000, not 0."]
    file.write_bytes(b"\xef\xbb\xbf[engine]\r\nqueue = 5\r\n")
    assert gather(file, {}, COOLDOWNS)[0].engine.queue == 5
