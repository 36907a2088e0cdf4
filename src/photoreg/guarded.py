"""Reading strangers' files with libraries written in C++: each in a process of its own.

A damaged file may abort the process that reads it, keep it busy for ever, or ask for memory without
end. Then that process ends, and photoreg goes on.
"""

import faulthandler
import sys
from contextlib import suppress

_MAX_MEMORY = 2 * 1024**3


def program_of(module: str) -> list[str]:
    """Return the command that runs the function `main` of a module in a process of its own."""
    return [sys.executable, "-P", "-c", f"from {module} import main; main()"]


def limit_memory() -> None:
    """Limit the memory of this process, where the operating system can."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))


def end_after(seconds: int) -> None:
    """End this process in so many seconds, whatever it is doing, unless this is called again."""
    faulthandler.dump_traceback_later(seconds, exit=True)


def never_end() -> None:
    """Cancel `end_after`."""
    faulthandler.cancel_dump_traceback_later()
