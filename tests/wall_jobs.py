"""Jobs that try to leave a worker process, each in another way; what they return, they were able to do."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

KEPT = "kept.txt"  # a file that lies in the folder that may be read


def write_a_file(folder: Path) -> None:
    (folder / "new.txt").write_text("x")


def write_into_a_file(folder: Path) -> None:
    with (folder / KEPT).open("r+b") as file:
        file.write(b"x")


def write_for_everyone(_: Path) -> None:
    Path("/dev/shm/packager-was-here").write_text("x")


def cut_a_file(folder: Path) -> None:
    os.truncate(folder / KEPT, 0)


def remove_a_file(folder: Path) -> None:
    (folder / KEPT).unlink()


def rename_a_file(folder: Path) -> None:
    (folder / KEPT).rename(folder / "other.txt")


def make_a_folder(folder: Path) -> None:
    (folder / "new").mkdir()


def make_a_link(folder: Path) -> None:
    (folder / "link").symlink_to("/etc")


def make_a_hard_link(folder: Path) -> None:
    (folder / "link").hardlink_to(folder / KEPT)


def make_a_device(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def open_the_file_up(folder: Path) -> None:
    (folder / KEPT).chmod(0o777)


def change_its_time(folder: Path) -> None:
    os.utime(folder / KEPT, (0, 0))


def write_by_a_descriptor(_: Path) -> None:
    """The three that every process has lead nowhere."""
    if all(os.path.samestat(os.fstat(number), Path(os.devnull).stat()) for number in range(3)):
        raise PermissionError


def connect(_: Path) -> None:
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


def connect_to_the_desktop(_: Path) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0/tmp/.X11-unix/X0")


def send_a_packet(_: Path) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as connection:
        connection.sendto(b"x", ("127.0.0.1", 9))


def resolve_a_name(_: Path) -> None:
    socket.gethostbyname("localhost.localdomain.example")


def start_a_program(_: Path) -> None:
    subprocess.run(["/bin/true"], check=True)


def become_a_program(_: Path) -> None:
    os.execv("/bin/true", ["true"])


def fork(_: Path) -> None:
    child = os.fork()
    if not child:
        os._exit(0)


def kill_the_parent(_: Path) -> None:
    os.kill(os.getppid(), signal.SIGKILL)


def look_into_the_parent(_: Path) -> None:
    Path(f"/proc/{os.getppid()}/environ").read_bytes()


def read_the_passwords(_: Path) -> None:
    Path("/etc/shadow").read_bytes()


def read_the_home(_: Path) -> None:
    list(Path.home().iterdir())


def read_beside_the_sources(folder: Path) -> None:
    (folder.parent / "secret.txt").read_text()


def read_through_a_link(folder: Path) -> None:
    (folder / "to-the-secret").read_text()


def type_into_the_terminal(_: Path) -> None:
    with Path("/dev/tty").open() as terminal:
        fcntl.ioctl(terminal, termios.TIOCSTI, b"x")


def raise_the_limits_of_the_parent(_: Path) -> None:
    import resource

    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))


def call_past_the_filter(_: Path) -> None:
    """The second interface of x86_64 has numbers of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(0x4000_0000 + 41, 1, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "no")


def use_a_ring(_: Path) -> None:
    """io_uring opens and connects without the calls that do."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(425, 8, ctypes.create_string_buffer(120)) < 0:
        raise OSError(ctypes.get_errno(), "no")


ESCAPES: tuple[Callable[[Path], None], ...] = (
    write_a_file,
    write_into_a_file,
    write_for_everyone,
    cut_a_file,
    remove_a_file,
    rename_a_file,
    make_a_folder,
    make_a_link,
    make_a_hard_link,
    make_a_device,
    open_the_file_up,
    change_its_time,
    write_by_a_descriptor,
    connect,
    connect_to_the_desktop,
    send_a_packet,
    resolve_a_name,
    start_a_program,
    become_a_program,
    fork,
    kill_the_parent,
    look_into_the_parent,
    read_the_passwords,
    read_the_home,
    read_beside_the_sources,
    read_through_a_link,
    type_into_the_terminal,
    raise_the_limits_of_the_parent,
    call_past_the_filter,
    use_a_ring,
)


def tried(number: int, folder: Path) -> str:
    """What came of one attempt: "" where it was refused."""
    try:
        ESCAPES[number](folder)
    except OSError:
        return ""
    return f"was able to {ESCAPES[number].__name__}"


def tried_in_a_thread(number: int, folder: Path) -> str:
    """The same from a thread that starts behind the walls."""
    came: list[str] = []
    thread = threading.Thread(target=lambda: came.append(tried(number, folder)))
    thread.start()
    thread.join()
    return came[0]


def read_a_source(folder: Path) -> str:
    return (folder / KEPT).read_text()


def take_memory_in_pieces(_: int) -> int:
    pieces = [bytes([number % 256]) * (1 << 20) for number in range(100_000)]
    return len(pieces)


def take_memory_past_python(_: int) -> int:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    for number in range(100_000):
        if (piece := libc.malloc(ctypes.c_size_t(1 << 20))) is None:
            raise MemoryError
        ctypes.memset(piece, number % 256, 1 << 20)
    return 0


def spin(_: int) -> int:
    while True:
        pass


def stream_slowly(count: int) -> Iterator[int]:
    """Half a second of the processor for each item."""
    for number in range(count):
        end = time.process_time() + 0.5
        while time.process_time() < end:
            pass
        yield number


def answer_with_a_call(marker: str) -> object:
    """A value whose bytes tell the reader to call a function of the system."""

    class Call:
        def __reduce__(self) -> tuple[object, ...]:
            return os.system, (f"touch {marker}",)

    return Call()


def answer_with_an_error_that_calls(marker: str) -> object:
    class Call(Exception):
        def __reduce__(self) -> tuple[object, ...]:
            return os.system, (f"touch {marker}",)

    raise Call
