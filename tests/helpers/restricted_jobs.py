"""Jobs that try to leave a worker process, each in another way; what they return, they were able to do."""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import signal
import socket
import stat
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from packager.sandbox import answers
from packager.sandbox.restrictions import SPOOL

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


def _system_call(number: int, *arguments: object) -> int:
    """The answer of a call that Python has no name for; OSError where it is refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer: int = libc.syscall(number, *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


@contextmanager
def _a_pipe() -> Iterator[int]:
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing, "w"):
        yield reading


def have_signals_sent(_: Path) -> None:
    """A pipe can be told to send any signal to any process of the user when it can be read."""
    with _a_pipe() as pipe:
        fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getppid())


def have_signals_sent_unasked(_: Path) -> None:
    with _a_pipe() as pipe:
        fcntl.fcntl(pipe, fcntl.F_SETFL, os.O_ASYNC)


def widen_a_pipe(_: Path) -> None:
    with _a_pipe() as pipe:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


def lock_a_source(folder: Path) -> None:
    with (folder / KEPT).open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)


def lock_a_part_of_a_source(folder: Path) -> None:
    with (folder / KEPT).open() as file:
        fcntl.lockf(file, fcntl.LOCK_SH)


def take_a_lease(folder: Path) -> None:
    with (folder / KEPT).open() as file:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def change_its_flags(folder: Path) -> None:
    """FS_IOC_SETFLAGS: what it sets, not even root can undo by removing the file."""
    with (folder / KEPT).open() as file:
        fcntl.ioctl(file, 0x40086602, struct.pack("l", 0x40))


def read_attributes(folder: Path) -> None:
    os.listxattr(folder / KEPT)


def read_attributes_elsewhere(folder: Path) -> None:
    os.getxattr(folder.parent / "secret.txt", "user.origin")


def ask_for_the_disk(folder: Path) -> None:
    os.statvfs(folder)


def share_memory(_: Path) -> None:
    """shmget, by the number of x86_64; shmat and shmctl take the numbers of segments of others."""
    _system_call(29 if os.uname().machine == "x86_64" else 194, 0, 4096, 0o1600)


def attach_memory_of_others(_: Path) -> None:
    _system_call(30 if os.uname().machine == "x86_64" else 196, 0, 0, 0)


def control_memory_of_others(_: Path) -> None:
    _system_call(31 if os.uname().machine == "x86_64" else 195, 0, 2, ctypes.create_string_buffer(256))


def read_a_queue(_: Path) -> None:
    _system_call(70 if os.uname().machine == "x86_64" else 188, 0, ctypes.create_string_buffer(64), 8, 0, 0o4000)


def make_a_file_of_memory(_: Path) -> None:
    os.close(os.memfd_create("x"))


def share_memory_of_no_file(_: Path) -> None:
    mmap.mmap(-1, 4096).close()


def slow_the_parent_down(_: Path) -> None:
    os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)


def pin_the_parent(_: Path) -> None:
    os.sched_setaffinity(os.getppid(), {0})


def idle_the_parent(_: Path) -> None:
    os.sched_setscheduler(os.getppid(), os.SCHED_IDLE, os.sched_param(0))


def lift_its_limit_on_time(_: Path) -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:  # Python's own word for it
        raise PermissionError from error


def read_the_log_of_the_kernel(_: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.klogctl(3, ctypes.create_string_buffer(64), 64) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def hang_up_the_terminal(_: Path) -> None:
    """vhangup: of root, it ends whatever uses the terminal."""
    _system_call(153 if os.uname().machine == "x86_64" else 58)


def look_on_the_parent(_: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(0x4206, os.getppid(), 0, 0) < 0:  # PTRACE_SEIZE
        raise OSError(ctypes.get_errno(), "refused")


def take_memory_that_grows_downwards(_: Path) -> None:
    mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100).close()


def take_large_pages(_: Path) -> None:
    mmap.mmap(-1, 2 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000).close()


def share_equal_pages(_: Path) -> None:
    with mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_MERGEABLE)


def break_a_page(_: Path) -> None:
    with mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_HWPOISON)


def start_a_thread_with_its_own_descriptors(_: Path) -> None:
    """Each such thread may have as many as a process: the flags of a thread but CLONE_FILES."""
    _system_call(56 if os.uname().machine == "x86_64" else 220, 0x10000 | 0x100 | 0x200 | 0x800, 0, 0, 0, 0)


def use_a_descriptor_of_the_parent(_: Path) -> None:
    """Open beside the three that lead nowhere are the pipe, the sign of the parent, and a file without a name."""
    kinds = sorted(
        "pipe" if stat.S_ISFIFO(found.st_mode) else "socket" if stat.S_ISSOCK(found.st_mode) else "file"
        for number in range(3, 256)
        if (found := _status(number)) and (not stat.S_ISREG(found.st_mode) or found.st_nlink)
    )
    if kinds == ["pipe", "socket"]:
        raise PermissionError


def _status(number: int) -> os.stat_result | None:
    try:
        return os.fstat(number)
    except OSError:
        return None


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
    have_signals_sent,
    have_signals_sent_unasked,
    widen_a_pipe,
    lock_a_source,
    lock_a_part_of_a_source,
    take_a_lease,
    change_its_flags,
    read_attributes,
    read_attributes_elsewhere,
    ask_for_the_disk,
    share_memory,
    attach_memory_of_others,
    control_memory_of_others,
    read_a_queue,
    make_a_file_of_memory,
    share_memory_of_no_file,
    slow_the_parent_down,
    pin_the_parent,
    idle_the_parent,
    lift_its_limit_on_time,
    read_the_log_of_the_kernel,
    hang_up_the_terminal,
    look_on_the_parent,
    take_memory_that_grows_downwards,
    take_large_pages,
    share_equal_pages,
    break_a_page,
    start_a_thread_with_its_own_descriptors,
    use_a_descriptor_of_the_parent,
)


def tried(number: int, folder: Path) -> str:
    """What came of one attempt: "" where it was refused."""
    try:
        ESCAPES[number](folder)
    except OSError:
        return ""
    return f"was able to {ESCAPES[number].__name__}"


def tried_in_a_thread(number: int, folder: Path) -> str:
    """The same from a thread that starts in the restricted process."""
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


def fill_the_disk(_: int) -> int:
    """Write into the file without a name as much as goes; how many bytes went."""
    file = SPOOL.file()
    try:
        while True:
            file.write(bytes(1 << 20))
    except OSError:
        return file.tell()


def answer_with_a_value_of_pictures(_: int) -> object:
    from packager.pictures import vips

    return vips.PictureRegion()


def begin_an_answer(_: int) -> None:
    """Say that an answer comes, send half of it, and wait."""
    os.write(_pipe(), struct.pack("!i", 1000) + bytes(500))
    threading.Event().wait()


def promise_an_answer(size_bytes: int) -> None:
    """Say that a very long answer comes."""
    os.write(_pipe(), struct.pack("!iQ", -1, size_bytes))
    threading.Event().wait()


def answer_and_never_listen(_: int) -> int:
    """Send the answer by hand, and take no other job."""
    answer = answers.encode(1)
    os.write(_pipe(), struct.pack("!i", len(answer)) + answer)
    threading.Event().wait()
    return 1


def spin_deaf(_: int) -> None:
    """Use the processor, and hear no signal about it."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def _pipe() -> int:
    """The descriptor of the pipe to the parent."""
    return next(number for number in range(3, 256) if (found := _status(number)) and stat.S_ISSOCK(found.st_mode))


def work_on(_: int) -> int:
    """Answer, and have a thread go on."""
    threading.Thread(target=spin, args=(0,), daemon=True).start()
    return os.getpid()


def start_threads(count: int) -> int:
    threading.stack_size(1 << 16)  # those of the usual size end with the memory
    threads = [threading.Thread(target=threading.Event().wait, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    threading.Event().wait()
    return 0


def say_nothing_for_ever(_: int) -> Iterator[bytes]:
    while True:
        yield b""


def say_much_at_once(_: int) -> Iterator[bytes]:
    yield bytes(8 << 20)
