"""Our recorders pass the test cases that the eventsourcing library ships for recorders."""

import tempfile
import threading
from pathlib import Path
from unittest import TestCase

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder
from eventsourcing.tests import persistence as shipped
from eventsourcing.utils import Environment

from milena.domain.ids import new_id
from milena.store.formats import uri
from milena.store.recorder import Datastore, Factory, Recorder, SnapshotRecorder


class OnAFile(TestCase):
    """Gives each test a database file of its own, and text ids for its streams."""

    def datastore(self) -> Datastore:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        datastore = Datastore(uri(str(Path(directory.name) / "events.db")))
        self.addCleanup(datastore.close)
        self.addCleanup(self.join_threads, set(threading.enumerate()))
        return datastore

    def join_threads(self, others: set[threading.Thread]) -> None:
        """The shipped tests leave readers behind that have not stopped yet; closing a connection that
        one of them reads with would crash the interpreter."""
        for thread in set(threading.enumerate()) - others:
            thread.join(10)

    def new_originator_id(self) -> str:
        return f"game:{new_id()}"


class TestRecorder(OnAFile, shipped.ApplicationRecorderTestCase[ApplicationRecorder]):
    def create_recorder(self) -> ApplicationRecorder:
        recorder = Recorder(self.datastore())
        recorder.create_table()
        return recorder


class TestSnapshotRecorder(OnAFile, shipped.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        recorder = SnapshotRecorder(self.datastore())
        recorder.create_table()
        return recorder


class TestPositions(OnAFile, shipped.NonInterleavingNotificationIDsBaseCase):
    insert_num = 500

    def create_recorder(self) -> ApplicationRecorder:
        recorder = Recorder(self.datastore())
        recorder.create_table()
        return recorder


def test_the_factory_makes_our_recorders(tmp_path: Path) -> None:
    name = uri(str(tmp_path / "events.db"))
    factory = Factory(Environment("milena", {"SQLITE_DBNAME": name}))
    assert type(factory.application_recorder()) is Recorder
    assert type(factory.aggregate_recorder()) is SnapshotRecorder
    factory.close()
