"""Stops one thread of a program and leaves the others running, as a debugger does."""

import contextlib
import ctypes
import os
import pathlib

_libc = ctypes.CDLL(None, use_errno=True)
PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
WALL = 0x40000000  # __WALL: threads, too


def thread_of(pid, name):
    """The id of the program's thread of this name."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return next(int(task.name) for task in tasks if (task / "comm").read_text().strip() == name)


def _ptrace(request, thread):
    if _libc.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x} of thread {thread}")


@contextlib.contextmanager
def stuck(pid, name):
    """The thread does nothing; if it still exists in the end, it goes on. Use it on one thread of the test."""
    thread = thread_of(pid, name)
    _ptrace(PTRACE_SEIZE, thread)
    _ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)
    try:
        yield thread
    finally:
        with contextlib.suppress(OSError, ChildProcessError):
            _ptrace(PTRACE_DETACH, thread)


def reap(thread):
    """A traced thread that was killed stays until its tracer has seen it, and its program with it."""
    with contextlib.suppress(ChildProcessError):
        while not os.WIFSIGNALED(status := os.waitpid(thread, WALL)[1]) and not os.WIFEXITED(status):
            pass
