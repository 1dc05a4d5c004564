"""The truth file: what belongs to what, what was true, what was known, what was spoiled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import (
    MAI,
    Civico,
    Difetto,
    Diritto,
    Edificio,
    Evento,
    Impronta,
    Mondo,
    Particella,
    Residenza,
    Soggetto,
    StatoTerreno,
    StatoUnita,
    Unita,
)
from ingest.generatore.poligoni import area_mq
from ingest.generatore.scrittura.imu import SOGGETTI_PASSIVI, is_taxed
from ingest.generatore.scrittura.indirizzi import access_number, national_number

#: Tables of the truth and their columns.
TABELLE: Final = {
    "impronte": "fornitura;objectid;edificio",
    "edifici": "edificio;genere;piani;anno;dal;al;in_mappa_dal;madre;figlia",
    "particelle": (
        "particella;riferimento;foglio;numero;mq;zona_2021;zona_2025;dal;al;nota_da;nota_fino"
    ),
    "terreni": "particella;qualita;classe;dominicale;agrario;dal;al;nota_da;nota_fino",
    "edificio_particella": "edificio;particella;mq;dal;al",
    "edificio_sezione": "edificio;sezione",
    "unita": "unita;identificativo_immobile;identificativi;edificio;civico;piano;interno",
    "unita_stati": (
        "unita;progressivo;categoria;classe;consistenza;rendita;dal;al;nota_da;nota_fino;corretta"
    ),
    "unita_edificio": "unita;edificio;dal;al",
    "particella_unita": "particella;unita;subalterno;dal;al;nota_da;nota_fino",
    "civico_edificio": "civico;edificio;dal;al",
    "civici": "civico;progressivo_accesso;progressivo_nazionale;numero;esponente;edificio;dal;al",
    "soggetti": "soggetto;tipo;codice_fiscale;morto_il",
    "titolari": "titolarita;soggetto;oggetto;diritto;quota;dal;al;nota_da;nota_fino",
    "residenze": "persona;famiglia;unita;civico;civico_dichiarato;edificio;dal;al;inizio;fine",
    "posizioni": "codice_utenza;titolarita;unita;soggetto;nota_da;nota_fino",
    "eventi": "data;tipo;oggetto;prima;dopo;noto_dal;nota",
    "difetti": "difetto;fornitura;file;chiave;oggetto;nota",
}


#: Filled by whoever draws the outlines; the others by ``Verita``.
IMPRONTE: Final = "impronte"


class Tabella:
    """One table of the truth being written."""

    def __init__(self, cartella: Path, nome: str) -> None:
        (cartella / "verita").mkdir(parents=True, exist_ok=True)
        self.flusso = (cartella / "verita" / f"{nome}.csv").open("wb", buffering=1 << 18)
        self.flusso.write(f"{TABELLE[nome]}\n".encode())
        self.righe = 0

    def add(self, righe: list[str]) -> None:
        """Append rows."""
        if righe:
            self.righe += len(righe)
            self.flusso.write(("\n".join(righe) + "\n").encode())

    def close(self) -> None:
        """Close the file."""
        self.flusso.close()


class Verita:
    """Writes the truth beside the supplies, as the sheets go by."""

    def __init__(self, cartella: Path, comune: Comune) -> None:
        self.cartella = cartella
        self.comune = comune
        #: zone of a face of the square at hand, before and after the last variant
        self.zona: Callable[[int, bool], str] = lambda _cella, _variante: ""
        self.difetti: Counter[str] = Counter()
        self.eventi: Counter[str] = Counter()
        self.storie: list[dict[str, object]] = []
        self.tabelle = {nome: Tabella(cartella, nome) for nome in TABELLE if nome != IMPRONTE}

    def add(self, tabella: str, righe: list[str]) -> None:
        """Append rows to a table."""
        self.tabelle[tabella].add(righe)

    def write(self, mondo: Mondo) -> None:
        """Write all that is true of one sheet."""
        self.add("edifici", [_building(e) for e in mondo.edifici])
        self.add("particelle", [self._parcel(p) for p in mondo.particelle])
        self.add("terreni", [_land(p, s) for p in mondo.particelle for s in p.stati])
        self.add("titolari", [_right(d, f"P{p.id}") for p in mondo.particelle for d in p.diritti])
        self.add("edificio_particella", [r for e in mondo.edifici for r in _overlaps(e)])
        self._units(mondo)
        self._people(mondo)
        self.add("eventi", [_event(e) for e in mondo.eventi])
        self.eventi.update(f"{e.oggetto}:{e.tipo}" for e in mondo.eventi)
        self.plant(mondo.difetti)

    def plant(self, difetti: list[Difetto]) -> None:
        """Write defects planted on purpose."""
        self.add("difetti", [_defect(d) for d in difetti])
        self.difetti.update(d.tipo for d in difetti)

    def _parcel(self, p: Particella) -> str:
        riferimento = f"{self.comune.belfiore}_{p.foglio:04d}00.{p.numero}"
        return (
            f"P{p.id};{riferimento};{p.foglio};{p.numero};{area_mq(p.anello):.3f};"
            f"{self.zona(p.cella, False)};{self.zona(p.cella, True)};"
            f"{_period(p.dal, p.al, p.noto_dal, p.noto_al)}"
        )

    def _units(self, mondo: Mondo) -> None:
        self.add("unita", [_unit(u) for u in mondo.unita])
        self.add("unita_stati", [_state(u, s) for u in mondo.unita for s in u.stati])
        self.add(
            "unita_edificio",
            [
                f"U{u.id};E{e.id};{_day(dal)};{_day(al)}"
                for u in mondo.unita
                for e, dal, al in _stages(u.edificio)
            ],
        )
        self.add("particella_unita", [r for u in mondo.unita for r in _identifiers(u)])
        self.add("titolari", [_right(d, f"U{u.id}") for u in mondo.unita for d in u.diritti])
        self.add(
            "posizioni",
            [
                f"{d.id};T{d.id};U{u.id};S{d.soggetto.id};{_day(d.noto_dal)};{_day(d.noto_al)}"
                for u in mondo.unita
                if is_taxed(u.stati[0])
                for d in u.diritti
                if d.codice in SOGGETTI_PASSIVI and d.imu != "assente"
            ],
        )

    def _people(self, mondo: Mondo) -> None:
        self.add("civici", [_door(c) for c in mondo.civici])
        self.add(
            "civico_edificio",
            [
                f"C{c.progressivo};E{e.id};{_day(max(dal, c.dal))};{_day(min(al, c.al))}"
                for c in mondo.civici
                if c.edificio is not None
                for e, dal, al in _stages(c.edificio)
            ],
        )
        for r in mondo.residenze:
            if not r.persona.scritto:
                # Bit 31: known to the truth, though no cadastre names it.
                r.persona.scritto = 1 << 31
                self.subject(r.persona)
        self.add("residenze", [row for r in mondo.residenze for row in _residences(r)])

    def subject(self, s: Soggetto) -> None:
        """Append a subject; whoever calls sees that it comes once."""
        tipo = "P" if s.persona else "G"
        self.add("soggetti", [f"S{s.id};{tipo};{s.cf};{_day(s.morte)}"])

    def close(self) -> None:
        """Close the tables."""
        for tabella in self.tabelle.values():
            tabella.close()

    def finish(
        self, forniture: list[Fornitura], seme: int, edifici: int, impronte: int
    ) -> dict[str, object]:
        """Write the summary; ``impronte`` is how many outlines the supplies have."""
        conti = {IMPRONTE: impronte} | {nome: t.righe for nome, t in self.tabelle.items()}
        riassunto: dict[str, object] = {
            "avvertenza": "Dati inventati: codici veri, territorio e persone immaginari.",
            "comune": self.comune.belfiore,
            "istat": self.comune.istat,
            "denominazione": self.comune.nome,
            "epsg": self.comune.epsg,
            "seme": seme,
            "edifici": edifici,
            "forniture": [
                {
                    "data": f.data.isoformat(),
                    "fonti": sorted(f.fonti),
                    "righe": dict(sorted(f.righe.items())),
                }
                for f in forniture
            ],
            "tabelle": {nome: conti[nome] for nome in TABELLE},
            "eventi": dict(sorted(self.eventi.items())),
            "difetti": dict(sorted(self.difetti.items())),
            "storie": self.storie,
        }
        testo = json.dumps(riassunto, ensure_ascii=False, indent=1) + "\n"
        (self.cartella / "verita.json").write_text(testo, encoding="utf-8")
        return riassunto


@lru_cache(maxsize=1 << 15)
def _day(giorno: date) -> str:
    """Write a day; nothing when it never comes."""
    return "" if giorno == MAI else giorno.isoformat()


def _period(dal: date, al: date, noto_dal: date, noto_al: date) -> str:
    return f"{_day(dal)};{_day(al)};{_day(noto_dal)};{_day(noto_al)}"


def _number(valore: float | None) -> str:
    return "" if valore is None else f"{valore:g}" if isinstance(valore, float) else str(valore)


def _building(e: Edificio) -> str:
    madre, figlia = (f"E{x.id}" if x else "" for x in (e.madre, e.figlia))
    return (
        f"E{e.id};{e.genere};{e.piani};{e.anno};{_day(e.dal)};{_day(e.al)};{_day(e.in_mappa_dal)};"
        f"{madre};{figlia}"
    )


def _unit(u: Unita) -> str:
    identificativi = " ".join(f"{p.foglio}/{p.numero}/{s}" for p, s in u.identificativi)
    civico = f"C{u.civico.progressivo}" if u.civico else ""
    return f"U{u.id};{u.id};{identificativi};E{u.edificio.id};{civico};{u.piano};{u.interno}"


def _land(p: Particella, s: StatoTerreno) -> str:
    return (
        f"P{p.id};{s.qualita};{s.classe};{s.dominicale};{s.agrario};"
        f"{_period(s.dal, s.al, s.noto_dal, s.noto_al)}"
    )


def _state(u: Unita, s: StatoUnita) -> str:
    return (
        f"U{u.id};{s.progressivo};{s.categoria};{s.classe};{_number(s.consistenza)};"
        f"{_number(s.rendita)};{_period(s.dal, s.al, s.noto_dal, s.noto_al)};"
        f"{'no' if s.errato else 'si'}"
    )


def _door(c: Civico) -> str:
    edificio = f"E{_last(c.edificio).id}" if c.edificio else ""
    return (
        f"C{c.progressivo};{access_number(c)};{national_number(c.strada)};{c.numero};"
        f"{c.esponente};{edificio};{_day(c.dal)};{_day(c.al)}"
    )


def _residences(r: Residenza) -> list[str]:
    """Write where a person lives: in two rows when the unit was divided meanwhile."""
    if r.prima is None:
        return [_residence(r, r.unita, r.dal, r.al)]
    unita, giorno = r.prima
    if r.al <= giorno:
        return [_residence(r, unita, r.dal, r.al)]
    return [_residence(r, unita, r.dal, giorno), _residence(r, r.unita, giorno, r.al)]


def _residence(r: Residenza, unita: Unita, dal: date, al: date) -> str:
    return (
        f"S{r.persona.id};{r.famiglia};U{unita.id};C{r.civico.progressivo};"
        f"C{(r.civico_dichiarato or r.civico).progressivo};E{_last(unita.edificio).id};"
        f"{dal};{_day(al)};{r.inizio if dal == r.dal else ''};{r.fine if al == r.al else ''}"
    )


def _event(e: Evento) -> str:
    return (
        f"{e.data};{e.tipo};{e.oggetto};{' '.join(e.prima)};{' '.join(e.dopo)};"
        f"{_day(e.noto_dal)};{e.nota}"
    )


def _defect(d: Difetto) -> str:
    return f"{d.tipo};{d.fornitura};{d.file};{d.chiave};{d.oggetto};{d.nota}"


def _identifiers(u: Unita) -> list[str]:
    primo, ultimo = u.stati[0], u.stati[-1]
    periodo = _period(primo.dal, ultimo.al, primo.noto_dal, ultimo.noto_al)
    return [f"P{p.id};U{u.id};{sub};{periodo}" for p, sub in u.identificativi]


def _overlaps(e: Edificio) -> list[str]:
    """Return the square metres a building covers of each parcel, outline by outline."""
    righe = []
    for impronta in e.impronte:
        for p, mq in _covered(e, impronta):
            righe.append(f"E{e.id};P{p.id};{mq:.2f};{_day(impronta.dal)};{_day(impronta.al)}")
    return righe


def _covered(e: Edificio, impronta: Impronta) -> list[tuple[Particella, float]]:
    if e.parti:
        return [(parte.particelle[0], _mq(parte.impronte[0])) for parte in e.parti]
    if len(e.particelle) == 1:
        return [(e.particelle[0], _mq(impronta))]
    # A house built on two parcels covers each of them whole.
    return [(p, area_mq(p.anello)) for p in e.particelle]


def _mq(impronta: Impronta) -> float:
    return area_mq(impronta.anello) - (area_mq(impronta.corte) if impronta.corte else 0.0)


def _right(d: Diritto, oggetto: str) -> str:
    return (
        f"T{d.id};S{d.soggetto.id};{oggetto};{d.codice};{d.num}/{d.den};"
        f"{_period(d.dal, d.al, d.noto_dal, d.noto_al)}"
    )


def _last(edificio: Edificio) -> Edificio:
    """Return what a building is on the last day: for one joined, what it was joined into."""
    return edificio.figlia or edificio


def _stages(edificio: Edificio) -> list[tuple[Edificio, date, date]]:
    """Return the building of a unit through a split or a join of buildings."""
    propria = (edificio, edificio.dal, edificio.al)
    if edificio.madre is not None:
        return [(edificio.madre, edificio.madre.dal, edificio.madre.al), propria]
    if edificio.figlia is not None:
        return [propria, (edificio.figlia, edificio.figlia.dal, edificio.figlia.al)]
    return [propria]
