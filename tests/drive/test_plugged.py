"""Drives that are plugged in: what macOS and Windows tell of them, what lies on them, and which are never copied to."""

from __future__ import annotations

import json
import plistlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from packager.drive import source
from packager.drive.expected import ExpectedTree
from packager.drive.held import HeldTree, held_trees
from packager.drive.mounted import drive_at
from packager.drive.plugged import PluggedDrive, from_diskutil, from_powershell, plugged, removable
from packager.drive.source import CopySource
from packager.errors import OutputError
from packager.report.drives import plugged as told
from tests.helpers import drives as made
from tests.helpers.builders import packager


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[ExpectedTree, ...]:
    """Three editions of `window`, as ledgers tell of them."""
    first = made.make_tree(tmp_path_factory.mktemp("first"), 8, 500)
    second = made.next_edition(first, tmp_path_factory.mktemp("second"))
    third = made.changed(second, tmp_path_factory.mktemp("third"), every=3)
    trees = map(source.load, (first, second, third))
    return tuple(ExpectedTree(tree, number, 3) for number, tree in enumerate(trees, start=1))


@pytest.fixture
def stick() -> Iterator[Path]:
    """A drive that the command accepts without root."""
    with made.folder_in_memory() as folder:
        yield folder


# What `diskutil info -plist` writes on macOS 14, the keys that are used and some others.
DISKUTIL = {
    "the disk of the system": {
        "DeviceIdentifier": "disk3s1s1", "ParentWholeDisk": "disk3", "MountPoint": "/", "FilesystemType": "apfs",
        "Internal": True, "RemovableMedia": False, "Removable": False, "VolumeName": "Macintosh HD",
        "TotalSize": 494384795648, "FreeSpace": 0, "WritableVolume": False,
    },
    "another volume of it": {
        "DeviceIdentifier": "disk3s7", "ParentWholeDisk": "disk3", "MountPoint": "/Volumes/Backup",
        "FilesystemType": "apfs", "Internal": False, "RemovableMedia": False, "VolumeName": "Backup",
        "TotalSize": 494384795648, "FreeSpace": 120, "WritableVolume": True,
    },
    "a stick": {
        "DeviceIdentifier": "disk4s1", "ParentWholeDisk": "disk4", "MountPoint": "/Volumes/STICK",
        "FilesystemType": "msdos", "FilesystemUserVisibleName": "MS-DOS (FAT32)", "BusProtocol": "USB",
        "Internal": False, "RemovableMedia": True, "Removable": True, "RemovableMediaOrExternalDevice": True,
        "VolumeName": "STICK", "TotalSize": 15931539456, "VolumeAllocationBlockSize": 16384,
        "FreeSpace": 3200000000, "WritableVolume": True,
    },
    "a card in the reader of the Mac": {
        "DeviceIdentifier": "disk5s1", "ParentWholeDisk": "disk5", "MountPoint": "/Volumes/CARD",
        "FilesystemType": "exfat", "BusProtocol": "Secure Digital", "Internal": True, "RemovableMedia": True,
        "VolumeName": "CARD", "TotalSize": 63864569856, "VolumeAllocationBlockSize": 131072, "FreeSpace": 1,
    },
    "an external hard disk": {
        "DeviceIdentifier": "disk6s2", "ParentWholeDisk": "disk6", "MountPoint": "/Volumes/Films",
        "FilesystemType": "exfat", "Internal": False, "RemovableMedia": False,
        "RemovableMediaOrExternalDevice": True, "VolumeName": "Films", "TotalSize": 2000398934016,
    },
    "a whole disk": {"DeviceIdentifier": "disk4", "WholeDisk": True, "MountPoint": "", "RemovableMedia": True},
}  # fmt: skip

# What the command answers under Windows 11.
POWERSHELL = [
    {"Letter": "C", "Label": "Windows", "FileSystem": "NTFS", "Size": 510770802688, "Free": 210770802688,
     "Cluster": 4096, "DriveType": "Fixed", "BusType": "NVMe", "IsSystem": True, "IsReadOnly": False},
    {"Letter": "E", "Label": "STICK", "FileSystem": "FAT32", "Size": 15914237952, "Free": 3200000000,
     "Cluster": 16384, "DriveType": "Removable", "BusType": "USB", "IsSystem": False, "IsReadOnly": False},
    {"Letter": "F", "Label": "", "FileSystem": "exFAT", "Size": 63847792640, "Free": 63847792640,
     "Cluster": 131072, "DriveType": "Removable", "BusType": "SD", "IsSystem": False, "IsReadOnly": True},
    {"Letter": "G", "Label": None, "FileSystem": "", "Size": 0, "Free": 0,
     "Cluster": None, "DriveType": "Removable", "BusType": "USB", "IsSystem": False, "IsReadOnly": False},
]  # fmt: skip


def test_of_what_diskutil_tells_sticks_and_cards_are_removable() -> None:
    """Not what is of the system, whatever volume of its disk, nor an external hard disk."""
    drives = from_diskutil(plistlib.dumps(info) for info in DISKUTIL.values())
    assert [drive.place for drive in removable(drives)] == [Path("/Volumes/STICK"), Path("/Volumes/CARD")]
    assert {str(drive.place) for drive in drives if drive.is_system} == {"/", "/Volumes/Backup"}
    stick = next(drive for drive in drives if drive.label == "STICK")
    assert stick == PluggedDrive(
        Path("/Volumes/STICK"), "disk4s1", 15931539456, True, False, "STICK", "msdos", 16384, 3200000000
    )


def test_of_what_powershell_tells_sticks_and_cards_are_removable() -> None:
    """One that is alone comes as an object and not as a list."""
    drives = from_powershell(json.dumps(POWERSHELL))
    assert [drive.device for drive in removable(drives)] == ["E:", "F:", "G:"]
    assert [drive.device for drive in drives if drive.is_system] == ["C:"]
    assert (drives[1].cluster_bytes, drives[1].file_system, drives[2].is_read_only) == (16384, "FAT32", True)
    assert from_powershell(json.dumps(POWERSHELL[1])) == (drives[1],)
    assert from_powershell("") == ()


@pytest.mark.parametrize("answer", ["Get-Partition : not recognized", "[1]", '{"Letter": "E"}', "[" * 100_000])
def test_an_answer_that_is_none_is_an_error_that_says_what_to_do(answer: str) -> None:
    """Whoever gets it names the drives."""
    with pytest.raises(OutputError, match="does not tell"):
        from_powershell(answer)
    assert from_diskutil([answer.encode(), b"<plist>", b""]) == ()


def test_the_disk_of_the_system_is_listed_as_one() -> None:
    """On this machine, whatever it is; and none of its drives is offered for copying."""
    if not Path("/sys/dev/block").is_dir() or not drive_at(Path("/"), ()).file_system.startswith("ext"):
        pytest.skip("the system of this machine lies on no disk that tells")
    drives = plugged()
    assert any(drive.is_system for drive in drives if drive.place == Path("/"))
    assert not any(drive.is_system for drive in removable(drives))


@pytest.mark.needs("mkfs.exfat", "mount.exfat-fuse")
def test_a_drive_that_is_mounted_is_listed_with_its_clusters(tmp_path: Path) -> None:
    """A file as a drive is no stick: it is listed, and not offered."""
    with made.looped(made.blank(tmp_path / "image", 64)) as device, made.exfat_on(device, tmp_path / "stick") as stick:
        (found,) = (drive for drive in plugged() if drive.place == stick)
        assert (found.file_system, found.cluster_bytes, found.is_system) == ("exFAT", 32768, False)
        assert found not in removable(plugged())


HELD = {
    "nothing": ((), ""),
    "edition 2, whole": ((HeldTree("window", 2, 3, is_whole=True),), "edition 2 of window; the newest is 3"),
    "a part of edition 2": ((HeldTree("window", 2, 3),), "a part of edition 2 of window; the newest is 3"),
    "an update that did not end": (
        (HeldTree("window", 3, 3, is_unfinished=True),),
        "edition 3 of window, unfinished: `packager verify` names the command that ends it",
    ),
    "a tree that nobody knows": ((HeldTree("other", is_known=False),), "other, whose manifest is not at hand"),
}


def put(state: str, stick: Path, edition: CopySource) -> None:
    """Make the drive hold that."""
    made.copied(edition.root / edition.name, stick)
    if state == "a part of edition 2":
        (stick / edition.files[3].path).unlink()
    elif state == "an update that did not end":
        (stick / "window").rename(stick / "window-unfinished")
    elif state == "a tree that nobody knows":
        shutil.rmtree(stick / "window")
        (stick / "other").mkdir()
        (stick / "other" / "index.html").write_bytes(made.PAGE_HEAD)
    elif state == "nothing":
        shutil.rmtree(stick / "window")


@pytest.mark.parametrize("state", HELD)
def test_what_a_drive_holds_is_told_by_names_and_lengths(
    state: str, editions: tuple[ExpectedTree, ...], stick: Path
) -> None:
    """The edition, whether it is whole, and whether there is a newer one."""
    put(state, stick, editions[1].source)
    held, line = HELD[state]
    assert held_trees(stick, editions) == held
    drive = PluggedDrive(stick, "sdb1", 15_900_000_000, True, False, "STICK", "FAT32", 16384, 3_200_000_000)
    text = told([(drive, held)])
    assert "15.9 GB  3.2 GB free  FAT32, 16 KiB clusters" in text
    assert text.endswith(line or "nothing of ours")


@pytest.mark.parametrize(
    ("options", "what"),
    [((), "no drive is named"), (("stick", "--all-removable"), "--all-removable names them too")],
    ids=["neither", "both"],
)
def test_drives_are_named_in_one_way(
    options: tuple[str, ...], what: str, editions: tuple[ExpectedTree, ...], tmp_path: Path
) -> None:
    """By their folders, or as all that can be taken out."""
    tree = editions[0].source.root / "window"
    done = packager("copy", tree, *options, cwd=tmp_path)
    assert (done.returncode, what in done.stderr) == (2, True)


@pytest.mark.skipif(sys.platform != "linux", reason="asks the real system")
def test_the_command_lists_them(tmp_path: Path) -> None:
    """As text and for programs."""
    done, data = packager("drives", cwd=tmp_path), packager("drives", "--output-format", "json", cwd=tmp_path)
    assert (done.returncode, data.returncode) == (0, 0)
    for drive in json.loads(data.stdout)["drives"]:
        assert str(drive["place"] or drive["device"]) in done.stdout
