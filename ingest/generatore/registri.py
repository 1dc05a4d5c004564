"""What offices hold on people and their things, and the truth of it all."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from ingest.generatore.caso import Obblighi
from ingest.generatore.comune import Comune
from ingest.generatore.contesto import Contesto
from ingest.generatore.demografia import Demografia
from ingest.generatore.difetti import plant
from ingest.generatore.disegnato import Disegnato
from ingest.generatore.fabbricati import furnish
from ingest.generatore.forniture import Fornitura, open_supplies
from ingest.generatore.modello import Difetto, Mondo
from ingest.generatore.persone import Popolo
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.quadro import Quadro
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.scrittura.censuario import Censuario
from ingest.generatore.scrittura.dichiarazioni import Dichiarazioni
from ingest.generatore.scrittura.imu import Posizioni, write_rates
from ingest.generatore.scrittura.indirizzi import Indirizzi
from ingest.generatore.scrittura.popolazione import Anagrafe
from ingest.generatore.scrittura.sezioni import Sezioni
from ingest.generatore.storie import STORIE, tell
from ingest.generatore.terreni import assess
from ingest.generatore.titoli import Possidenti, people
from ingest.generatore.verita import Verita
from ingest.generatore.vicende import Vicende
from ingest.generatore.zone import Zonizzazione

#: What even the smallest town must show, beside what ``Cantiere`` sees to.
_DA_MOSTRARE: Final = (
    "rettifica", "vendita", "vendita_tardiva", "residente_civico_errato", "omonimi",
    "rendita_diversa", "riga_doppia",
)  # fmt: skip


class Registri:
    """Brings people into the sheets, and holds the writers while they go by."""

    def __init__(self, comune: Comune, cartella: Path, edifici: int, numeri: Numeratore) -> None:
        self.comune = comune
        self.numeri = numeri
        self.obblighi = Obblighi(_DA_MOSTRARE)
        self.mancano = set(STORIE)
        self.possidenti = Possidenti(Popolo(numeri, comune.belfiore, edifici), numeri, comune.nome)
        self.proiezione = Proiezione(comune)
        self.forniture = open_supplies(cartella)
        write_rates(comune, self.forniture)
        self.verita = Verita(cartella, comune)
        self.censuario = Censuario(comune, self.forniture, self.verita)
        self.indirizzi = Indirizzi(comune, self.proiezione, self.forniture)
        self.anagrafe = Anagrafe(comune, self.forniture)
        self.posizioni = Posizioni(comune, self.forniture)
        self.dichiarazioni = Dichiarazioni(comune, self.forniture)
        self.sezioni = Sezioni(comune, self.proiezione, self.forniture, self.verita)

    def enter(self, quadro: Quadro, zone: Zonizzazione) -> None:
        """Take the place and the zones of a square; its sheets come next."""
        self.proiezione.move(quadro.parte.x, quadro.parte.y)
        self.verita.zona = zone.zone_of
        self.sezioni.enter(quadro)

    def write(self, mondo: Mondo, caso: random.Random) -> None:
        """People a sheet, then write it."""
        self._people(mondo, caso)
        for scrittore in (
            self.censuario,
            self.indirizzi,
            self.anagrafe,
            self.posizioni,
            self.dichiarazioni,
            self.sezioni,
            self.verita,
        ):
            scrittore.write(mondo)

    def _people(self, mondo: Mondo, caso: random.Random) -> None:
        assess(mondo, caso)
        furnish(mondo, self.numeri, caso)
        people(mondo, self.possidenti, self.numeri, caso)
        contesto = Contesto(mondo, self.possidenti, self.numeri, caso, self.obblighi)
        Vicende(contesto).run()
        Demografia(contesto).run()
        plant(mondo, self.possidenti, self.numeri, caso, self.obblighi)
        self.verita.storie += tell(mondo, self.proiezione, self.mancano)

    def leave(self, quadro: Quadro) -> None:
        """Write the streets of a square, now that the doors of each are counted."""
        self.indirizzi.write_streets(quadro.territorio.viario.strade)

    def finish(self) -> None:
        """Close what stays open to the end, but for the summary of the truth."""
        self.dichiarazioni.finish()
        self.sezioni.finish()
        self._damage()
        self.censuario.finish()
        self.close()

    def close(self) -> None:
        """Close the files, also of a town that was not finished."""
        for fornitura in self.forniture:
            fornitura.close()
        self.verita.close()

    def conclude(self, seme: int, edifici: int, disegnato: Disegnato) -> None:
        """Write ``verita.json``, which counts what was drawn too."""
        for fornitura, righe in zip(self.forniture, disegnato.righe, strict=True):
            fornitura.righe.update(righe)
        self.verita.finish(self.forniture, seme, edifici, disegnato.impronte)

    def _damage(self) -> None:
        """Append a few lines no reader can take, in the middle supply."""
        fornitura = self.forniture[len(self.forniture) // 2]
        for nome, riga in self._unreadable(fornitura):
            fornitura.append(nome, riga)
            guasto = Difetto(
                "riga_malformata",
                fornitura.data.isoformat(),
                nome,
                str(fornitura.righe[nome]),
                "",
                "",
            )
            self.verita.plant([guasto])

    def _unreadable(self, fornitura: Fornitura) -> tuple[tuple[str, str], ...]:
        """Return the files to damage, each with its line."""
        codice, istat = self.comune.belfiore, self.comune.istat
        return (
            (
                self.censuario.name("fabbricati", fornitura, "FAB"),
                f"{codice}| |1|F|1|1||A02|03|\r\n",
            ),
            (
                self.censuario.name("fabbricati", fornitura, "TIT"),
                f"{codice}| |1|P|1|F|10||1|1|\r\n",
            ),
            (self.anagrafe.name(fornitura), f"{istat[:3]};{istat[3:]};1;1\n"),
            (self.indirizzi.name("INDIR", fornitura), f"{codice};{istat};VIA\n"),
            (self.posizioni.name(fornitura), f"1;1;VIA;{codice}\n"),
        )
