"""docs/faults.md is made by these tests: each tells what it saw, in the order in which it saw it."""

import re
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import fill
from types import ModuleType
from typing import Any, NamedTuple

PAGE = Path(__file__).parents[4] / "docs" / "faults.md"
PARTS = ("disk", "files", "damage", "machine", "clock", "signals", "commands", "outside")
"""The parts of the page: each is a module ``test_PART`` of this folder, whose docstring is its title."""

INTRODUCTION = """\
# Faults

What happens when something around Milena breaks, or something in her: what players see, what is kept, and
how she comes back. Nothing on this page was written by hand. Each fault is brought about for real by a test
(`tests/discord/milena_bot/faults`): a bot that runs, people who use it through a stand-in of Discord, a disk
that is full. What is said here is what was said then, word for word, and what is claimed is what was checked;
a test run fails where this page says anything else. `DATA` stands for the data directory, `ID` for the eight
characters that lead to `milena errors show ID`.

What is **kept** always means the same: each command that was answered is in the log, once; none that was
refused left a trace of being done; and `milena verify` finds nothing wrong.

"""
END = """
To make this page anew, after a change of what is said or tested:

```console
$ MILENA_FAULTS=write pytest tests/discord/milena_bot/faults
```
"""

KEPT = "Kept"
WIDTH = 110


class Fault(NamedTuple):
    """``title``; how it is ``injected``, a sentence or two; in a few words each: what people notice
    ``meanwhile``, and what it takes ``afterwards`` that all is as before."""

    title: str
    injected: str
    meanwhile: str
    afterwards: str


def fault(title: str, injected: str, meanwhile: str, afterwards: str) -> Callable[[Any], Any]:
    """What a test of a fault says of it beforehand."""

    def mark(test: Any) -> Any:
        test.fault = Fault(title, injected, meanwhile, afterwards)
        return test

    return mark


class Section:
    """What the page tells of one fault."""

    def __init__(self, fault: Fault, private: dict[str, str]) -> None:
        self.fault = fault
        self.rows: list[tuple[str, str]] = []
        self.private = private

    def tell(self, what: str, seen: str) -> None:
        """A row. Names, numbers and places that are others in each run are put out of it."""
        for text, name in self.private.items():
            seen = seen.replace(text, name)
        seen = re.sub(r"(?<=[Tt]ell the operator: )\w{8}\b", "ID", seen)
        row = (what, " ".join(seen.split()).replace("|", "\\|"))
        if row not in self.rows:
            self.rows.append(row)

    @property
    def text(self) -> str:
        rows = "\n".join(f"| {what} | {seen} |" for what, seen in self.rows)
        injected = fill(self.fault.injected, WIDTH)
        return f"### {self.fault.title}\n\n{injected}\n\n| | |\n| --- | --- |\n{rows}\n"


def parts() -> dict[str, list[Fault]]:
    """The faults of each part, in the order of the page; by the title of the part."""
    found = {}
    for name in PARTS:
        module = _module(name)
        title = str(module.__doc__).partition("\n")[0].rstrip(".")
        found[title] = [each.fault for each in vars(module).values() if hasattr(each, "fault")]
    return found


def _module(name: str) -> ModuleType:
    """Others bear its name, elsewhere."""
    spec = spec_from_file_location(f"faults_{name}", Path(__file__).with_name(f"test_{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def overview() -> str:
    """The table of all faults, with links."""
    lines = ["| Fault | Meanwhile | Afterwards |", "| --- | --- | --- |"]
    for faults in parts().values():
        for each in faults:
            anchor = re.sub(r"[^a-z0-9 -]", "", each.title.lower()).replace(" ", "-")
            lines.append(f"| [{each.title}](#{anchor}) | {each.meanwhile} | {each.afterwards} |")
    return "\n".join(lines) + "\n"


def page(sections: dict[str, str]) -> str:
    """All of it; ``sections`` by title. What was not run is taken from the page as it is."""
    old = dict(re.findall(r"^### (.*?)\n(.*?)(?=^#|\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL))
    text = INTRODUCTION + overview()
    for title, faults in parts().items():
        text += f"\n## {title}\n"
        for each in faults:
            kept = f"### {each.title}\n{old[each.title].rstrip()}\n" if each.title in old else ""
            text += f"\n{sections.get(each.title, kept)}"
    return text + "\n## This page\n" + END
