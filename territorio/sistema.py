"""What the operating system refuses, in Italian: it speaks the language of the machine."""

import errno

from territorio.errors import detail

_PAROLE = {
    errno.ENOENT: "non esiste",
    errno.EACCES: "manca il permesso",
    errno.EPERM: "manca il permesso",
    errno.ENOTDIR: "una parte del percorso non è una cartella",
    errno.EISDIR: "è una cartella",
    errno.EEXIST: "esiste già",
    errno.ELOOP: "i collegamenti girano in tondo",
    errno.ENAMETOOLONG: "il nome è troppo lungo",
    errno.ENOSPC: "il disco è pieno",
    errno.EROFS: "il disco è in sola lettura",
}


def reason(error: OSError) -> str:
    """Return why a file or a folder cannot be used.

    >>> reason(FileNotFoundError(2, "No such file or directory"))
    'non esiste'
    >>> reason(OSError(5, "Input/output error"))
    'il sistema lo rifiuta (dettaglio tecnico: «Input/output error»)'
    """
    known = _PAROLE.get(error.errno or 0)
    return known or "il sistema lo rifiuta" + detail(OSError(error.strerror or str(error)))
