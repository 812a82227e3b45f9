"""A read model is a folder; each mistake in it is named, with the folder's name and the file's."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from milena.domain.refusal import Refused
from milena.readside import BadModel, Model, load, names
from milena.readside.model import read

TOML = 'title = "Things"\nabout = "What there is."\nversion = 3\ntags = ["game.ended"]\n'
SCHEMA = "-- Things.\nCREATE TABLE things (id INTEGER PRIMARY KEY);\n"
FOLD = "INSERT INTO main.things SELECT position FROM batch;\n-- That is all.\n"
QUESTION = "-- How many there are.\n-- Those of a time.\nSELECT count(*) FROM things WHERE :since IS NULL\n"
HANDLERS = "def ended(folding, event):\n    pass\n\nHANDLERS = {'game.voided': ended}\n"
GOOD = {"model.toml": TOML, "schema.sql": SCHEMA, "fold.sql": FOLD, "how_many.sql": QUESTION}

Read = Callable[..., Model]


@pytest.fixture
def read_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Read]:
    """``read_folder({"fold.sql": None})``: the model in a good folder, with these changes."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "things_package"
    folder.mkdir()
    (folder / "__init__.py").touch()

    def read_folder(changes: dict[str, str | bytes | None], name: str = "things") -> Model:
        for file, text in {**GOOD, **changes}.items():
            if text is not None:
                (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
        return read(name, "things_package", folder)

    yield read_folder
    for module in [each for each in sys.modules if each.startswith("things_package")]:
        del sys.modules[module]


def test_a_good_folder_is_a_model(read_folder: Read) -> None:
    model = read_folder({"handlers.py": HANDLERS})
    assert (model.name, model.title, model.version) == ("things", "Things", 3)
    assert model.tags == {"game.ended", "game.voided"}
    assert len(model.schema) == len(model.fold) == 1
    assert list(model.handlers) == ["game.voided"]
    question = model.questions["how_many"]
    assert (question.title, question.about) == ("How many there are", "Those of a time.")
    assert question.parameters == ("since",)


def test_the_fingerprint_is_that_of_version_and_schema(read_folder: Read) -> None:
    first = read_folder({}).fingerprint
    assert (
        read_folder(
            {"fold.sql": "DELETE FROM main.things;", "how_many.sql": "-- Other\nSELECT 1"}
        ).fingerprint
        == first
    )
    assert read_folder({"model.toml": TOML.replace("3", "4")}).fingerprint != first
    assert read_folder({"schema.sql": SCHEMA.replace("id", "number")}).fingerprint != first


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"model.toml": None}, "its folder has no model.toml"),
        ({"model.toml": "title = = 1"}, "model.toml: Invalid value"),
        ({"model.toml": b"\xff\xfe"}, "model.toml: "),
        ({"model.toml": TOML.replace("title", "tittle")}, "Object contains unknown field `tittle`"),
        ({"model.toml": TOML.replace("version = 3\n", "")}, "missing required field `version`"),
        ({"model.toml": TOML.replace("3", '"three"')}, "model.toml: Expected `int`, got `str`"),
        ({"schema.sql": None}, "its folder has no schema.sql"),
        ({"schema.sql": "CREATE TABLE x (y)"}, "the last statement of schema.sql does not end with"),
        ({"fold.sql": "DELETE FROM x; DELETE FROM y"}, "the last statement of fold.sql does not end with"),
        ({"fold.sql": None}, "its folder has neither a fold.sql nor a handlers.py"),
        ({"handlers.py": "import nowhere"}, "handlers.py can't be loaded: ModuleNotFoundError"),
        ({"handlers.py": "1 / 0"}, "handlers.py can't be loaded: ZeroDivisionError"),
        ({"handlers.py": "def"}, "handlers.py can't be loaded: SyntaxError"),
        ({"handlers.py": "HANDLERS = 5"}, "handlers.py: HANDLERS is no mapping of event tags to functions"),
        ({"handlers.py": "HANDLERS = {'game.ended': 5}"}, "handlers.py: HANDLERS is no mapping"),
        ({"handlers.py": "settle = 5"}, "handlers.py: settle is no function"),
        ({"how_many.sql": "SELECT 1"}, "things/how_many.sql: it begins with a comment that is its title"),
        ({"how_many.sql": "--\nSELECT 1"}, "things/how_many.sql: it begins with a comment that is its title"),
        ({"how_many.sql": "-- Title"}, "things/how_many.sql: there is no statement in it"),
        ({"how_many.sql": ""}, "things/how_many.sql: it begins with a comment"),
        ({"how_many.sql": "-- T\nSELECT :gild"}, "no parameter :gild; there are :player"),
        ({"how_many.sql": "-- T\nSELECT :guild"}, "things/how_many.sql: there is no parameter :guild"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(read_folder: Read, changes: dict[str, str | bytes | None], wrong: str) -> None:
    with pytest.raises(BadModel) as caught:
        read_folder(changes)
    assert wrong in str(caught.value)
    assert "things" in str(caught.value)


@pytest.mark.parametrize("name", ["Things", "1things", "th-ings", "", "x" * 32, "../things", "things\n"])
def test_a_name_is_plain(read_folder: Read, name: str) -> None:
    with pytest.raises(BadModel, match="a name is up to 31 small letters"):
        read_folder({}, name)


def test_an_unknown_name_is_refused_with_what_there_is() -> None:
    with pytest.raises(Refused, match=r"There is no read model 'nothing'. There are: .*leaderboard"):
        load("nothing")
    assert "leaderboard" in names()


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT ':game', \"x\" -- :nothing\n/* :neither */, :game", ("game",)),
        ("SELECT :until, :since, :now, :limit", ("since", "until", "now", "limit")),
        ("SELECT '12:30', x::text, ''':quoted'''", ()),
    ],
)
def test_what_looks_like_a_parameter_in_a_text_is_none(
    read_folder: Read, sql: str, parameters: tuple[str, ...]
) -> None:
    question = read_folder({"how_many.sql": f"-- Title\n{sql}"}).questions["how_many"]
    assert question.parameters == parameters
    assert question.asked == tuple(each for each in parameters if each not in ("now", "limit"))
