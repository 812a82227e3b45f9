"""Backups: one file each, with the log, the vault, the signed head and the configuration in it.

Made while Milena runs, checked when they are made, and again before one takes the place of what is there.
"""

from milena.ops.backup.folder import FOLDER, SUFFIX, VARIABLE, backups, find, folder_of, name_of
from milena.ops.backup.making import Backup, check, make, prune, told
from milena.ops.backup.manifest import Manifest
from milena.ops.backup.restoring import Restored, restore
from milena.ops.backup.schedule import Schedule
from milena.ops.retention import BackupPolicy, due, kept

__all__ = [
    "FOLDER",
    "SUFFIX",
    "VARIABLE",
    "Backup",
    "BackupPolicy",
    "Manifest",
    "Restored",
    "Schedule",
    "backups",
    "check",
    "due",
    "find",
    "folder_of",
    "kept",
    "make",
    "name_of",
    "prune",
    "restore",
    "told",
]
