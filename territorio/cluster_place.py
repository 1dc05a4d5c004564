"""Where a private cluster lives on the machine, and which user it runs as."""

import grp
import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from pathlib import Path

from territorio.config import Settings
from territorio.errors import NotReady

UNPRIVILEGED = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: the first of these that exists runs it."""

# sockaddr_un holds 107 bytes; PostgreSQL adds ".s.PGSQL.65535.lock" to the folder.
_SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.65535.lock")


@dataclass(frozen=True, slots=True)
class Owner:
    """The system user that owns the files of the cluster and runs it."""

    name: str
    uid: int
    gid: int

    def owns(self, path: Path) -> None:
        """Give a folder or file we have made to this user, and to nobody else."""
        os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Place:
    """The folders and files of one cluster; ours, but for those given to its owner."""

    root: Path
    owner: Owner

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.root / "cluster"

    @property
    def fresh(self) -> Path:
        """Where initdb works, so that a data folder is there whole or not at all."""
        return self.root / "cluster.nuovo"

    @property
    def log(self) -> Path:
        """The folder of the server's log, one file a day of the week."""
        return self.root / "log" / "postgresql"

    @property
    def config(self) -> Path:
        """The server's settings: beside its data, so that it cannot change them itself."""
        return self.root / "postgresql.conf"

    @property
    def hba(self) -> Path:
        """Who may connect and how."""
        return self.root / "pg_hba.conf"

    @property
    def password(self) -> Path:
        """The administrator's password for connections by TCP."""
        return self.root / "cluster.password"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops the cluster."""
        return self.root / "cluster.lock"

    @property
    def name(self) -> str:
        """A name that stands in the titles of this cluster's processes and of no other's."""
        return f"territorio-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]}"

    @property
    def socket(self) -> Path:
        """The folder of the socket: in the data folder, unless its path is too long."""
        if len(os.fsencode(self.root / "socket")) <= _SOCKET_FOLDER_BYTES:
            return self.root / "socket"
        if os.geteuid() == 0:
            return Path("/run") / self.name
        return Path(tempfile.gettempdir()) / f"{self.name}-{self.owner.uid}"


def place(settings: Settings) -> Place:
    """Return where the cluster of these settings is, or would be."""
    root = settings.data.absolute()
    return Place(root, _owner(root / "cluster"))


def prepare(where: Place) -> None:
    """Make the root folder; raise NotReady where the cluster's user could not reach it."""
    where.root.mkdir(mode=0o711, parents=True, exist_ok=True)
    _require_reachable(where)


def prepare_folders(where: Place) -> None:
    """Make the folders of log and socket; one at a time, under the cluster's lock."""
    where.log.parent.mkdir(mode=0o711, exist_ok=True)
    for folder in (where.log, where.socket):
        private_folder(folder, where.owner)


def private_folder(folder: Path, owner: Owner) -> None:
    """Make a folder that only its owner may enter, or check that it is such a folder."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        # In a shared place another user may have made it first, as a link or wide open.
        if folder.is_symlink() or found.st_uid != owner.uid or found.st_mode & 0o077:
            raise NotReady(
                f"La cartella {folder} deve appartenere all'utente «{owner.name}» "
                "e non essere accessibile ad altri: correggila o cancellala."
            ) from None
    else:
        owner.owns(folder)


def _owner(data: Path) -> Owner:
    """Return the user that already owns the data, else the one we would take."""
    if data.is_dir():
        return _user(data.stat().st_uid)
    if os.geteuid() != 0:
        return _user(os.geteuid())
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(name, entry.pw_uid, entry.pw_gid)
    raise NotReady("Non trovo un utente senza privilegi (postgres o nobody) per PostgreSQL.")


def _user(uid: int) -> Owner:
    """Return a user by number; a number without a name is a user too (containers)."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Owner(str(uid), uid, os.getegid())
    return Owner(entry.pw_name, uid, entry.pw_gid)


def _require_reachable(where: Place) -> None:
    """Raise NotReady if the cluster's user cannot enter the data folder."""
    if os.geteuid() not in (0, where.owner.uid):
        raise NotReady(
            f"I dati in {where.root} appartengono all'utente «{where.owner.name}»: "
            "usa quell'utente, oppure un'altra cartella con TERRITORIO_DATA."
        )
    groups = {where.owner.gid} | {g.gr_gid for g in grp.getgrall() if where.owner.name in g.gr_mem}
    for folder in (where.root, *where.root.parents):
        found = folder.stat()
        # The first class that fits decides, as the kernel does.
        if found.st_uid == where.owner.uid:
            allowed = found.st_mode & 0o100
        elif found.st_gid in groups:
            allowed = found.st_mode & 0o010
        else:
            allowed = found.st_mode & 0o001
        if not allowed:
            raise NotReady(
                f"L'utente «{where.owner.name}», con cui gira PostgreSQL, non può entrare in "
                f"{folder}: scegli un'altra cartella con TERRITORIO_DATA."
            )
