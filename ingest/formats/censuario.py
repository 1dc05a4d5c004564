"""What the two census supplies share: parameters, subjects, rights, deeds."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from catasto.belfiore import is_belfiore
from catasto.codici import Catasto, diritto_or_none, sezioni_censuarie
from catasto.errors import CatastoError, FormatError
from catasto.formati.anomalia import Anomalia, RigaRifiutata
from catasto.formati.censuario import (
    FileCensuario,
    Nota,
    PersonaFisica,
    PersonaGiuridica,
    RichiestaCensuaria,
    TipoFornitura,
    TitolaritaCensuaria,
    find_files,
    parse_prm,
    read_fab,
    read_sog,
    read_ter,
    read_tit,
)
from catasto.riferimento import strip_zeros
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Rifiuto
from territorio.errors import Refused

FATTI_COMUNI = ("soggetto", "titolarita")
_PRINCIPALI = frozenset({"FAB", "TER"})
_SECTION = re.compile(r"[A-Z][0-9]{3}([A-Z])[0-9]+")
_KEY = 4
"""Fields that a census line begins with: municipality, section, number, kind."""


def is_supply(path: Path, kind: str) -> bool:
    """Tell whether a ZIP, or a file on disk, is one supply of this cadastre.

    A ZIP that packs several supplies is none: it is opened, and each is taken by itself.
    """
    suffix = path.suffix.lower()
    if suffix != ".zip":
        return suffix == f".{kind.lower()}"
    try:
        files = find_files(path)
    except (CatastoError, zipfile.BadZipFile):
        return False
    kinds = [file.tipo for file in files]
    bases = {file.base[:4] for file in files}
    return {*kinds} & _PRINCIPALI == {kind} and kinds.count("PRM") <= 1 and len(bases) == 1


def supply_files(path: Path, kind: str) -> list[FileCensuario]:
    """Return the files of a supply of that kind: in the ZIP, or beside the file on disk."""
    if path.suffix.lower() == ".zip":
        return [file for file in find_files(path) if file.tipo == kind]
    mine = FileCensuario(path, ())
    beside = (file for child in path.parent.iterdir() for file in _loose(child))
    return sorted(
        (file for file in beside if file.tipo == kind and file.base == mine.base),
        key=lambda file: file.nome,
    )


def _loose(path: Path) -> list[FileCensuario]:
    """Return a file as a part of a supply; none for folders and archives."""
    return [] if path.is_dir() or path.suffix.lower() == ".zip" else find_files(path)


def supply_ambito(path: Path, kind: str, facts: tuple[str, ...]) -> Ambito:
    """Return what the request asked for; without parameters, what the name says.

    A supply limited to some fogli says nothing of what it does not name (catasto.md §2.1).
    """
    request = _request(path)
    comune = (request.comune_catastale if request else None) or _comune(path, kind)
    tipo = request.tipo if request else None
    if tipo is None and _has_closed_versions(path, kind):
        raise Refused(
            path.name,
            "è una fornitura di aggiornamento: nessun file dei parametri (.PRM) dice che cosa "
            "fu chiesto, e ci sono più versioni chiuse dello stesso immobile; per ora si "
            "caricano solo le forniture complete «attualità alla data»: se lo è, aggiungi il suo "
            "file dei parametri",
        )
    if tipo is TipoFornitura.AGGIORNAMENTO:
        raise Refused(
            path.name,
            "è una fornitura di aggiornamento (variazioni fra due date di registrazione): per "
            "ora si caricano solo le forniture complete «attualità alla data»; chiedi quella, "
            "i dati di questa vi sono compresi",
        )
    named = _sections_in_names(path, kind)
    if request is None:
        return Ambito(comune, None, parti=_parts(comune, named, facts))
    parts: dict[str, tuple[str, ...]] = dict.fromkeys(facts, ())
    return Ambito(
        comune,
        request.data_riferimento,
        request.data_elaborazione,
        parti=parts
        if request.fogli
        else _parts(comune, {request.sezione} if request.sezione else named, facts),
    )


def _sections_in_names(path: Path, kind: str) -> set[str]:
    """Return the sections asked for, where the name of every file has one: ``H501B0012345``."""
    found = [_SECTION.fullmatch(file.base) for file in supply_files(path, kind)]
    return {name[1] for name in found if name is not None} if all(found) else set()


def _has_closed_versions(path: Path, kind: str) -> bool:
    """Tell whether an immobile has several versions, one of them closed (catasto.md §2.1)."""
    read: Callable[[FileCensuario], Iterator[Any]] = read_fab if kind == "FAB" else read_ter
    seen: set[tuple[str, int]] = set()
    closed: set[tuple[str, int]] = set()
    for file in supply_files(path, kind):
        with suppress(FormatError):  # whoever reads it for good says why
            for record in read(file):
                if isinstance(record, RigaRifiutata) or record.caratteristiche is None:
                    continue
                key = (record.sezione, record.immobile)
                if record.caratteristiche.conclusivo is not None:
                    closed.add(key)
                if key in seen and key in closed:
                    return True
                seen.add(key)
    return False


def _parts(comune: str, sezioni: set[str], facts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the parts of a whole supply: its section, or all those of the municipality."""
    sections = sezioni or {"", *(s for c in Catasto for s in sezioni_censuarie(c).get(comune, {}))}
    return dict.fromkeys(facts, tuple(part(comune, s) for s in sorted(sections)))


def part(comune: str, sezione: str) -> str:
    """Return the name of the part of the cadastre that a record belongs to."""
    return f"{comune}|{sezione}"


def _request(path: Path) -> RichiestaCensuaria | None:
    """Return the parameters of the request, None where they were lost."""
    for file in supply_files(path, "PRM"):
        with file.open() as stream:
            try:
                return parse_prm(stream.read(), file.nome)
            except CatastoError as error:
                said = error.dentro if file.nome == path.name else str(error)
                raise Refused(path.name, said) from None
    return None


def _comune(path: Path, kind: str) -> str:
    """Return the municipality in the name of the first file."""
    code = supply_files(path, kind)[0].base[:4]
    if not is_belfiore(code):
        raise Refused(
            path.name, "manca il file dei parametri (.PRM) e il nome non dice di quale comune è"
        )
    return code


def count_check(path: Path, kinds: tuple[str, ...]) -> Iterator[Avviso]:
    """Report a supply whose lines are not as many as the parameters say."""
    request = _request(path)
    if request is None or request.numero_record is None:
        return
    files = [file for kind in kinds for file in supply_files(path, kind)]
    lines = sum(_lines(file) for file in files)
    if lines > request.numero_record:
        lines -= sum(_blank_lines(file) for file in files)
    if lines != request.numero_record:
        motivo = f"i parametri dichiarano {request.numero_record} record, i file ne hanno {lines}"
        yield Avviso(None, "numero di record", motivo)


def _lines(file: FileCensuario) -> int:
    """Count the lines of a file."""
    last = b"\n"
    count = 0
    with file.open() as stream:
        while block := stream.read(1 << 20):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n")


def _blank_lines(file: FileCensuario) -> int:
    """Count the lines that say nothing."""
    with file.open() as stream:
        return sum(not line.strip(b" \t\r\n\0") for line in stream)


def each(
    files: Iterable[FileCensuario],
    read: Callable[[FileCensuario], Iterator[Any]],
    say: Callable[[Any], Iterable[Detto]],
) -> Iterator[Detto]:
    """Say what each record of some files means; lines that are none are refused."""
    for file in files:
        try:
            for record in read(file):
                if isinstance(record, RigaRifiutata):
                    about = _about(file.tipo, record.inizio)
                    yield Rifiuto(record.riga, f"{file.tipo}: {record.motivo}", chiavi=about)
                else:
                    yield from say(record)
        except FormatError as error:
            raise Refused(file.nome, error.motivo) from None


def _about(kind: str, start: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return which object a line was about, if its first fields still say it."""
    if len(start) < _KEY or not start[2].isdecimal():
        return ()
    where = (start[0], start[1], int(start[2]))
    if kind == "SOG":
        return (("soggetto", subject_key(*where, start[3])),)
    if kind == "FAB":
        return (("unita_immobiliare", property_key("F", *where)),)
    return (("particella_censuaria", property_key("T", *where)),) if kind == "TER" else ()


def subjects_and_rights(path: Path) -> Iterator[Detto]:
    """Say the subjects and the rights of a supply."""
    yield from each(supply_files(path, "SOG"), read_sog, _subject)
    yield from each(supply_files(path, "TIT"), read_tit, _right)


def _subject(record: PersonaFisica | PersonaGiuridica) -> Iterator[Detto]:
    """Say a subject; the cadastre does not say since when it calls them so."""
    kind = "P" if isinstance(record, PersonaFisica) else "G"
    valori: dict[str, object] = {
        "tipo": kind,
        "codice_fiscale": str(record.codice_fiscale or record.codice_fiscale_scritto or "") or None,
        "codice_valido": record.codice_fiscale is not None,
    }
    if isinstance(record, PersonaFisica):
        valori |= {
            "cognome": record.cognome,
            "nome": record.nome,
            "sesso": record.sesso,
            "data_nascita": record.data_nascita,
            "luogo_nascita": record.luogo_nascita,
            "indicazioni": record.indicazioni,
        }
    else:
        valori |= {"denominazione": record.denominazione, "sede": record.sede}
    chiave = subject_key(record.comune_catastale, record.sezione, record.soggetto, kind)
    yield from anomalies(record.riga, record.anomalie, ("soggetto", chiave))
    yield Asserzione(
        "soggetto",
        chiave,
        valori,
        record.riga,
        dal_ignoto=True,
        parte=part(record.comune_catastale, record.sezione),
    )


def subject_key(comune: str, sezione: str, numero: int, kind: str) -> str:
    """Return the key of a subject of the census."""
    return f"SOG|{comune}|{sezione}|{numero}|{kind}"


def property_key(kind: str, comune: str, sezione: str, numero: int) -> str:
    """Return the key of a unit (F) or of a land parcel (T) of the census."""
    return f"{kind}|{comune}|{sezione}|{numero}"


def _right(t: TitolaritaCensuaria) -> Iterator[Detto]:
    """Say a right, over all the versions of what it is on."""
    where = (t.comune_catastale, t.sezione)
    immobile = property_key(t.tipo_immobile, *where, t.immobile)
    quota = t.quota
    if t.identificativo:
        chiave = f"TIT|{t.tipo_immobile}|{'|'.join(where)}|{t.identificativo}"
    else:
        # Very old supplies: the tuple of catasto.md §8.
        share = f"{quota.numerator}/{quota.denominator}" if quota else ""
        chiave = (
            f"TIT|{immobile}|{t.soggetto}|{t.tipo_soggetto}|{t.codice_diritto}|{share}"
            f"|{t.mutazione_iniziale or ''}"
        )
    spouse = t.soggetto_riferimento
    valori: dict[str, object] = {
        "diritto": _code(t.codice_diritto),
        "titolo": t.titolo,
        "quota_numeratore": quota.numerator if quota else None,
        "quota_denominatore": quota.denominator if quota else None,
        "regime": t.regime,
        "partita": t.partita,
        "atto_generante": _note_text(t.generante),
        "atto_conclusivo": _note_text(t.conclusivo),
        "soggetto": subject_key(*where, t.soggetto, t.tipo_soggetto) if t.soggetto else None,
        "unita" if t.tipo_immobile == "F" else "terreno": immobile,
        "soggetto_riferimento": subject_key(*where, spouse, "P") if spouse else None,
    }
    yield from anomalies(t.riga, t.anomalie, ("titolarita", chiave))
    said = Asserzione("titolarita", chiave, valori, t.riga, gruppo=immobile, parte=part(*where))
    yield from dated(said, t.generante, t.conclusivo)


@lru_cache(maxsize=1024)
def _code(scritto: str) -> str:
    """Return a right as its list writes it; one that no list has as delivered."""
    found = diritto_or_none(scritto)
    return scritto if found is None else found.codice


def dated(said: Asserzione, generante: Nota | None, conclusivo: Nota | None) -> Iterator[Detto]:
    """Say an assertion with the days of its deeds; without the first they are unknown."""
    said.dal = generante.data_efficacia if generante else None
    said.dal_ignoto = said.dal is None
    if conclusivo is not None:
        said.al = conclusivo.data_efficacia or conclusivo.data_registrazione
    if said.dal is not None and said.al is not None and said.al <= said.dal:
        motivo = f"finisce il {said.al} ma comincia il {said.dal}: non vale in nessun giorno"
        yield Avviso(said.riga, "date discordi", motivo, chiave=(said.fatto, said.chiave))
    yield said


def ended(said: Asserzione, generante: Nota | None, ambito: Ambito) -> Asserzione:
    """Say that an object was suppressed: it holds on no day from that of the note on.

    Without the day of the note it is gone by the day of the supply.
    """
    said.dal = said.al = (generante and generante.data_efficacia) or ambito.data_riferimento
    return said


def anomalies(riga: int, found: Iterable[Anomalia], chiave: tuple[str, str]) -> list[Avviso]:
    """Report the fields a reader could not take as they were."""
    return [
        Avviso(
            riga,
            "anomalia catastale",
            f"«{anomalia.campo}»: {anomalia.regola}",
            anomalia.campo,
            anomalia.valore,
            chiave,
        )
        for anomalia in found
    ]


def deed(nota: Nota | None) -> dict[str, object] | None:
    """Return a deed as kept beside a unit or a parcel; its words may name people and stay out."""
    if nota is None:
        return None
    return {
        "data_efficacia": nota.data_efficacia and nota.data_efficacia.isoformat(),
        "data_registrazione": nota.data_registrazione and nota.data_registrazione.isoformat(),
        "tipo_nota": nota.tipo,
        "numero_nota": nota.numero,
        "progressivo_nota": nota.progressivo,
        "anno_nota": nota.anno,
        "causale": nota.causale,
    }


def _note_text(nota: Nota | None) -> str | None:
    """Write a deed in one line: ``N 4567.1/2012 COMPRAVENDITA``."""
    if nota is None:
        return None
    number = strip_zeros(nota.numero) if nota.numero else ""
    number += f".{strip_zeros(nota.progressivo)}" if nota.progressivo else ""
    number += f"/{nota.anno}" if nota.anno else ""
    words = (nota.tipo, number, nota.descrizione or nota.causale)
    return " ".join(filter(None, words)) or None


@lru_cache(maxsize=1 << 14)
def canonical(testo: str | None) -> str:
    """Return a part of a reference without leading zeros; absent and zero are empty.

    >>> canonical("01018"), canonical("0000"), canonical(None)
    ('1018', '', '')
    """
    plain = strip_zeros(testo) if testo else ""
    return "" if plain == "0" else plain
