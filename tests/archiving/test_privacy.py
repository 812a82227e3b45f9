"""What is in archives is told to the person that it is about, and holds nothing that leads to that one."""

import gzip
from pathlib import Path

from long_ago import LONG_AGO, Playing, archived, files

from milena.aggregates import AGGREGATES
from milena.home import Home
from milena.ops.backup import make
from milena.privacy import document
from milena.replay.verify import verify


def test_a_copy_has_what_was_archived_and_after_erasing_nothing_leads_to_the_person(
    data: Path, tmp_path: Path
) -> None:
    with Home(data) as home, home.engine() as engine:
        playing = Playing(home, engine, 3, LONG_AGO + 10**10)
        person = playing.people[1]
        name, outside = home.vault.name(person), home.vault.outside(person)
        playing.done("remind me", person, when="in 2h", text="my secret tea")
        readside = home.readside()
        before = document(home.store, AGGREGATES, readside, person)
        assert archived(home).archives

        # A copy of all that is kept has the same games and events as before
        told = document(home.store, AGGREGATES, readside, person)
        assert told | {"made": before["made"]} == before
        assert {each["tag"] for each in told["events"]} >= {"game.move_played", "command.invoked"}
        assert len(told["games"]) > 3

        home.eraser(engine).erase(person, playing.now)
        assert verify(home.store, AGGREGATES).findings == []
        left = document(home.store, AGGREGATES, readside, person)
        assert [each["game"] for each in left["games"]] == [each["game"] for each in told["games"]]
    make(data, tmp_path / "backup.tar.gz")
    found = files(data) | {"backup": gzip.decompress((tmp_path / "backup.tar.gz").read_bytes())}
    unpacked = [gzip.decompress(content) for file, content in found.items() if file.endswith(".jsonl.gz")]
    assert any(person.encode() in content for content in unpacked), "the number of the person stays"
    assert name is not None
    assert outside is not None
    for secret in (name, outside, "my secret tea"):
        for file, content in [*found.items(), *(("archive", each) for each in unpacked)]:
            assert secret.encode() not in content, (secret, file)
