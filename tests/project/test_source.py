"""What no line of Milena's may do: run text as code or as a command, load what can run code, or put a value
into SQL. Read from the syntax trees of the source, so that no test has to come by the line."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

SOURCE = sorted(
    (file, file.relative_to(root).as_posix())
    for root, pattern in (
        (Path(str(files("milena"))), "**/*.py"),
        (Path(str(files("milena.projections"))), "**/*.py"),
    )
    for file in root.glob(pattern)
)
TREES = {name: ast.parse(file.read_text("utf-8")) for file, name in SOURCE}

CALLS = re.compile(
    r"(builtins\.)?(eval|exec|compile|__import__)|os\.(system|popen|exec\w+|spawn\w+|posix_spawn\w*|fork)"
    r"|asyncio\.create_subprocess_shell|subprocess\.(getoutput|getstatusoutput)|tempfile\.mktemp"
)
IMPORTS = {
    "pickle",
    "cPickle",
    "dill",
    "marshal",
    "shelve",
    "ctypes",
    "yaml",
    "pty",
    "commands",
    "xml",
    "imp",
}
PROCESSES = {"machines/thinking.py": "machines think in processes of this very Python, by a list of words"}
"""The files that start processes, and why."""

SQL = re.compile(
    r"\b(SELECT|INSERT|DELETE|UPDATE|CREATE|PRAGMA|EXPLAIN|ATTACH|DETACH|DROP|ALTER|VACUUM|FROM|WHERE"
    r"|ORDER BY|JOIN|LIMIT|OFFSET|IN \(|AND|OR)(?![A-Za-z])"
)
"""What SQL has and prose has not: its words are written in capitals here."""
NUMBER = "a number of ours, where SQLite takes no parameter"
CONSTANT = "one of a few words that stand in this file"
FIELDS = "names of columns, from the fields of our own Struct"
COLUMNS = "a constant, which stands beside the type that it gives"
MARKS = "as many question marks, or names of parameters, as there are values"
MODEL = "a table, a column or a statement of a read model: its author's own, quoted where it is a name"
REVIEWED: dict[str, dict[str, str]] = {
    "ops/errors_db.py": {"APPLICATION_ID": NUMBER, "VERSION": NUMBER},
    "ops/health.py": {"columns": FIELDS, "name": CONSTANT, "table": CONSTANT},
    "readside/asking.py": {
        "sql": "the question itself, read-only and behind an authorizer: whoever asks may ask anything",
        "self._model": "prose",
    },
    "readside/audit.py": {
        "', '.join(map(repr, BOOKKEEPING))": CONSTANT,
        "', '.join((f'entries.{name}' for name in Entry._fields))": FIELDS,
        "', '.join(map(repr, TOLD))": CONSTANT,
        "', '.join((f':{name}' for name in names))": MARKS,
        "' AND '.join(conditions)": "conditions that stand in this file, with names of parameters",
        "'ASC' if after is not None else 'DESC'": CONSTANT,
        "_SELECT": CONSTANT,
        "position": CONSTANT,
        "source": CONSTANT,
        "where": "the conditions above",
    },
    "readside/digest.py": {"table": MODEL, "order": NUMBER},
    "readside/file.py": {
        "'MEMORY' if aside else 'WAL'": CONSTANT,
        "'OFF' if aside else 'NORMAL'": CONSTANT,
        "self._tags": MARKS,
        "statement": MODEL,
    },
    "readside/guard.py": {
        "_quoted(name)": MODEL,
        "_quoted(owner.name)": MODEL,
        "_quoted(table)": MODEL,
        "_quoted(table.name)": MODEL,
        "columns": MODEL,
        "of_guild": MODEL,
        "owner.guild": MODEL,
        "_OF_PLACE": CONSTANT,
        "other": MODEL,
        "its": MODEL,
        "theirs": MODEL,
        "source": MODEL,
        "ours": "put together of the others here",
        "is_ours": "the id of a guild as hexadecimal digits: a view takes no parameter",
        "token": "random hexadecimal digits",
    },
    "readside/own.py": {"APPLICATION_ID": NUMBER, "PAGE_SIZE": NUMBER},
    "readside/person.py": {"quoted": MODEL, "compared": MODEL},
    "readside/rebuild.py": {"PATIENCE_MS": NUMBER},
    "store/copying.py": {"PACKED": COLUMNS, "gone": CONSTANT},
    "store/moving.py": {"PACKED": COLUMNS},
    "store/reading.py": {"archive.PACKED": COLUMNS},
    "store/formats.py": {"format.application": NUMBER, "format.version": NUMBER},
    "store/store.py": {"version": NUMBER},
    "store/envelope.py": {"','.join('?' * len(FIELDS))": MARKS},
    "store/recorder.py": {
        "','.join('?' * len(topics))": MARKS,
        "among": MARKS,
        "'DESC' * desc": CONSTANT,
    },
    "store/sqlite.py": {"WAL_PAGES": NUMBER},
    "web/front.py": {"table": MODEL},
    "web/live.py": {"name": MODEL},
}
"""What is put into SQL otherwise than as a parameter: by file, each expression, and why it is no danger."""


def assembled(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the expression of everything that is put into a text with words of SQL in it."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=values) if any(map(_is_sql, values)):
                for value in values:
                    if isinstance(value, ast.FormattedValue):
                        yield node.lineno, ast.unparse(value.value)
            case ast.BinOp(op=ast.Add() | ast.Mod(), left=ast.Constant(value=str(first))) if SQL.search(
                first
            ):
                yield node.lineno, ast.unparse(node.right)
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str(first)), attr="format" | "format_map")
            ):
                if SQL.search(first):
                    yield node.lineno, ast.unparse(node)


def _is_sql(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and bool(SQL.search(str(part.value)))


def test_no_text_is_run_as_code_or_as_a_command() -> None:
    calls = [
        (f"{name}:{node.lineno}", ast.unparse(node.func), node.keywords)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    assert len(calls) > 5000, "the source was found"
    found = {(at.partition(":")[0], called) for at, called, _ in calls if CALLS.fullmatch(called)}
    assert found == {("cli/run.py", "os.execve")}, "Milena becomes Milena, without a shell"
    assert [at for at, _, keywords in calls for each in keywords if each.arg == "shell"] == []


def test_nothing_is_imported_that_runs_what_it_loads() -> None:
    imported = {
        (name, module.partition(".")[0])
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        for module in _modules(node)
    }
    assert {(name, module) for name, module in imported if module in IMPORTS} == set()
    assert {name for name, module in imported if module == "subprocess"} == {*PROCESSES}


def _modules(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
    return []


def test_nothing_is_put_into_sql_but_what_was_looked_at() -> None:
    found = {(name, expression) for name, tree in TREES.items() for _, expression in assembled(tree)}
    reviewed = {(name, expression) for name, each in REVIEWED.items() for expression in each}
    assert found - reviewed == set(), "use a parameter; or look at it, and say why it is no danger"
    assert reviewed - found == set(), "this is not there any more"


@pytest.mark.parametrize(
    "line",
    [
        "db.execute(f\"SELECT * FROM players WHERE name = '{name}'\")",
        "db.execute(\"DELETE FROM players WHERE name = '%s'\" % name)",
        'db.execute("DELETE FROM players WHERE name = " + name)',
        'db.execute("DELETE FROM players WHERE name = {}".format(name))',
    ],
)
def test_a_value_in_sql_is_seen(line: str) -> None:
    assert [expression for _, expression in assembled(ast.parse(line))] != []
