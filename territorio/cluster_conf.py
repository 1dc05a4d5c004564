"""The settings a private cluster runs with, by the memory of the machine."""

import os
import shutil
from pathlib import Path

from territorio.cluster_place import Place

MEGABYTE = 1024 * 1024

_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

HBA = """\
# Written by territorio at each start. The socket's folder is its owner's alone.
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


def memory_bytes() -> int:
    """Return the memory we may count on: the machine's, or less in a container."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for path in _CGROUP_LIMITS:
        try:
            memory = min(memory, int(path.read_text()))
        except (OSError, ValueError):  # absent, or "max"
            continue
    return memory


def render(where: Place, port: int, *, durable: bool = True) -> str:
    """Return the text of postgresql.conf."""
    lines = ["# Written by territorio at each start: changes belong in ALTER SYSTEM."]
    for name, value in _values(where, port, durable=durable).items():
        quoted = value.replace("\\", "\\\\").replace("'", "''")
        lines.append(f"{name} = '{quoted}'")
    return "\n".join(lines) + "\n"


def _values(where: Place, port: int, *, durable: bool) -> dict[str, str]:
    """Return each setting that is not PostgreSQL's own choice, and why."""
    memory = memory_bytes() // MEGABYTE
    values = {
        "hba_file": str(where.hba),
        "cluster_name": where.name,
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(where.socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "150",
        "shared_buffers": f"{_between(128, memory // 8, 2048)}MB",
        "effective_cache_size": f"{_between(256, memory // 2, 65536)}MB",
        "work_mem": f"{_between(8, memory // 512, 64)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 32, 1024)}MB",
        "random_page_cost": "1.1",
        # Compiling a query costs more than running ours (specs/misure.md §1).
        "jit": "off",
        # Nothing is replicated, so COPY into a table of the same transaction writes no WAL.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
        "synchronous_commit": "on",
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **_log_values(where),
    }
    # Containers often give 64 MB of /dev/shm: parallel work would fail for want of it.
    if shutil.disk_usage("/dev/shm").total < 512 * MEGABYTE:  # noqa: S108 - the kernel's own name
        values["dynamic_shared_memory_type"] = "mmap"
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return values


def _log_values(where: Place) -> dict[str, str]:
    """Return the settings of the log: a week of files, without statements and values.

    An error message quotes the value that was wrong and its detail quotes the row, and
    either may be a name or a fiscal code: sessions get them, the log does not.
    """
    return {
        "logging_collector": "on",
        "log_directory": str(where.log),
        "log_filename": "postgresql-%a.log",
        "log_file_mode": "0600",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] ",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))
