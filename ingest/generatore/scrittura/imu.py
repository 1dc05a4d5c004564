"""IMU: the collector's list of positions and the yearly sheet of rates."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Diritto, Mondo, StatoUnita, Unita

_TESTATA: Final = (
    "CodiceUtenza;CodUtenza;Indirizzo;Contribuente;CodComune;DataInizio;DataFine;Numero;CodFiscale;Sezione;"
    "Foglio;ParticellaEdificabile;Subalterno;Categoria;PercentualeQuote;EreditaCatasto;ParticellaEstensione;"
    "Rendita;ValoreUtenzaT;Classe;Consistenza;CalcolaMinori;IdAliquotaApplicata;RenditaUtenza;RenditaCatasto;"
    "NotaBreve;PostaCertificata\n"
)
#: Rights whose holder owes the tax.
SOGGETTI_PASSIVI: Final = frozenset({"10", "80", "70", "30"})
ALIQUOTE: Final = {
    "abitazione_principale_lusso": ("0,5", "0,55", "0,6"),
    "assimilazione_anziani_disabili": ("SI", "SI", "SI"),
    "fabbricati_rurali_strumentali": ("0,1", "0,1", "0,1"),
    "fabbricati_gruppo_d": ("0,96", "0,96", "1,06"),
    "terreni_agricoli": ("0,76", "0,86", "0,86"),
    "aree_fabbricabili": ("0,96", "0,96", "1,06"),
    "altri_fabbricati": ("0,96", "0,96", "1,06"),
}


def euro(centesimi: int | None) -> str:
    """Write cents as euro with a decimal comma.

    >>> euro(30985), euro(None)
    ('309,85', '')
    """
    return "" if centesimi is None else f"{centesimi // 100},{centesimi % 100:02d}"


class Posizioni:
    """Writes one row for each taxed right known to the collector."""

    def __init__(self, comune: Comune, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.forniture = [f for f in forniture if "posizioni" in f.fonti]
        for fornitura in self.forniture:
            fornitura.append(self.name(fornitura), _TESTATA)

    def name(self, fornitura: Fornitura) -> str:
        """Return the name of the file."""
        return f"IMU_posizioni_{self.comune.belfiore}_{fornitura.giorno}.csv"

    def write(self, mondo: Mondo) -> None:
        """Append the positions of a sheet to each supply."""
        abitanti = [_inhabitants(mondo, f.data) for f in self.forniture]
        righe: list[list[str]] = [[] for _ in self.forniture]
        for unita in mondo.unita:
            casa = (unita.principale or unita).id
            stati = [unita.at(f.data) for f in self.forniture]
            for diritto in unita.diritti:
                ultima: tuple[object, ...] = ()
                testo = ""
                for n, fornitura in enumerate(self.forniture):
                    stato = stati[n]
                    if (
                        stato is None
                        or not is_taxed(stato)
                        or not position_known(diritto, fornitura.data)
                    ):
                        continue
                    prima = (diritto.soggetto.id, casa) in abitanti[n]
                    via = unita.civico.strada.at(fornitura.data) if unita.civico else ""
                    # Most rows do not change from one supply to the next.
                    if ultima != (id(stato), prima, via):
                        ultima = (id(stato), prima, via)
                        testo = self._row(unita, stato, diritto, via, prima)
                    righe[n].append(testo * 2 if diritto.imu == "doppia" else testo)
        for fornitura, testi in zip(self.forniture, righe, strict=True):
            fornitura.append(self.name(fornitura), "".join(testi))

    def _row(self, unita: Unita, stato: StatoUnita, diritto: Diritto, via: str, prima: bool) -> str:
        soggetto = diritto.soggetto
        particella, sub = unita.identificativi[0]
        chiave = (
            f";{particella.foglio};{particella.numero};{sub}"
            if diritto.imu != "senza_chiave"
            else ";;;"
        )
        numero = unita.civico.testo if unita.civico else ""
        quota = (
            f"{100 * diritto.num / diritto.den:.2f}".replace(".", ",") if diritto.den else "100,00"
        )
        rendita = euro(
            stato.rendita if unita.rendita_dichiarata is None else unita.rendita_dichiarata
        )
        consistenza = (
            "" if stato.consistenza is None else f"{stato.consistenza:g}".replace(".", ",")
        )
        categoria = f"{stato.categoria[:1]}/{int(stato.categoria[1:])}"
        contribuente = f"{soggetto.cognome} {soggetto.nome}".strip()
        return (
            f"{diritto.id};{soggetto.id};{unita.indirizzo_imu or via};{contribuente};"
            f"{self.comune.belfiore};{slashes(diritto.dal)};;{numero};{soggetto.cf};{chiave};"
            f"{categoria};{quota};;;{rendita};;{stato.classe};{consistenza};N;"
            f"{case_of(stato, prima)};{rendita};{euro(stato.rendita)};INVENTATO;\n"
        )


def _inhabitants(mondo: Mondo, giorno: date) -> set[tuple[int, int]]:
    return {(r.persona.id, r.unita.id) for r in mondo.residenze if r.dal <= giorno < r.al}


@lru_cache(maxsize=1 << 16)
def slashes(giorno: date) -> str:
    """Write a day as ``dd/mm/yyyy``; few days come very often.

    >>> slashes(date(2021, 3, 9))
    '09/03/2021'
    """
    return f"{giorno.day:02d}/{giorno.month:02d}/{giorno.year}"


def is_taxed(stato: StatoUnita) -> bool:
    """Tell whether a unit can have a position."""
    return bool(stato.categoria) and stato.categoria[0] in "ABCD" and stato.rendita is not None


def position_known(diritto: Diritto, giorno: date) -> bool:
    """Tell whether the collector has a right in its list of a day."""
    return (
        diritto.codice in SOGGETTI_PASSIVI
        and diritto.imu != "assente"
        and diritto.noto_dal <= giorno < diritto.noto_al
    )


def case_of(stato: StatoUnita, prima: bool) -> str:
    """Return the case of the rate sheet, or the exemption of the main home."""
    if prima:
        lusso = stato.categoria in ("A01", "A08", "A09")
        return "abitazione_principale_lusso" if lusso else "abitazione_principale_esente"
    if stato.categoria == "D10":
        return "fabbricati_rurali_strumentali"
    return "fabbricati_gruppo_d" if stato.categoria[0] == "D" else "altri_fabbricati"


def write_rates(comune: Comune, forniture: list[Fornitura]) -> None:
    """Write the rate sheets of the years up to each supply."""
    anni = [f.data.year for f in forniture if "aliquote" in f.fonti]
    for fornitura in forniture:
        if "aliquote" not in fornitura.fonti:
            continue
        nome = f"IMU_aliquote_{comune.belfiore}_{fornitura.giorno}.csv"
        fornitura.append(
            nome, "codice_catastale;anno;fattispecie;aliquota;delibera;data_delibera\n"
        )
        for n, anno in enumerate(anni):
            if anno <= fornitura.data.year:
                for fattispecie, valori in ALIQUOTE.items():
                    fornitura.append(
                        nome,
                        f"{comune.belfiore};{anno};{fattispecie};{valori[n % 3]};{10 + n};"
                        f"15/12/{anno - 1}\n",
                    )
