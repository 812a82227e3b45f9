"""docs/faults.md tells of the faults that are tested, and of no others."""

import os
import re

import pytest
from page import END, INTRODUCTION, PAGE, overview, parts

pytestmark = pytest.mark.skipif(os.environ.get("MILENA_FAULTS") == "write", reason="it is written afterwards")


def test_the_page_has_a_section_for_each_fault_in_order() -> None:
    text = PAGE.read_text()
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [*parts(), "This page"]
    expected = [each.title for faults in parts().values() for each in faults]
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == expected


def test_the_page_begins_with_all_of_them_and_ends_with_how_it_is_made() -> None:
    text = PAGE.read_text()
    assert text.startswith(INTRODUCTION + overview())
    assert text.endswith(END)
