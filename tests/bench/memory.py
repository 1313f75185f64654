"""How much memory a process held at its highest."""

from pathlib import Path


def peak_mib(pid: int) -> float:
    """Return the most that a running process ever held, as the kernel remembers it.

    Unlike what ``getrusage`` tells, it does not count the process that started it. In
    megabytes of 2**20 bytes.
    """
    with Path(f"/proc/{pid}/status").open() as status:
        [line] = [line for line in status if line.startswith("VmHWM:")]
    return float(line.split()[1]) / 1024
