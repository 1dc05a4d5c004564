"""What is drawn: maps, footprints, plan. It needs what stands, not who lives there."""

from __future__ import annotations

from pathlib import Path

from ingest.generatore.comune import Comune
from ingest.generatore.disegnato import Disegnato
from ingest.generatore.forniture import open_supplies
from ingest.generatore.modello import Mondo
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.quadro import Quadro
from ingest.generatore.scrittura.cxf import MappaCtf
from ingest.generatore.scrittura.edifici import Edifici
from ingest.generatore.scrittura.mappa import MappaGml
from ingest.generatore.scrittura.piano import Piano
from ingest.generatore.verita import IMPRONTE, Tabella
from ingest.generatore.zone import Zonizzazione


class Disegno:
    """Holds the writers of what is drawn while the sheets go by."""

    def __init__(self, comune: Comune, cartella: Path, seme: int) -> None:
        self.forniture = open_supplies(cartella)
        self.impronte = Tabella(cartella, IMPRONTE)
        self.proiezione = Proiezione(comune)
        self.piano = Piano(comune, self.proiezione, self.forniture)
        self.mappa = MappaGml(comune, self.proiezione, self.forniture)
        self.vettoriale = MappaCtf(comune, self.proiezione, self.forniture)
        self.edifici = Edifici(comune, self.proiezione, self.forniture, self.impronte, seme)

    def enter(self, quadro: Quadro, zone: Zonizzazione) -> None:
        """Write the plan of a square; its sheets come next."""
        self.proiezione.move(quadro.parte.x, quadro.parte.y)
        self.piano.write(quadro, zone)

    def write(self, mondo: Mondo) -> None:
        """Write a sheet."""
        self.mappa.write(mondo)
        self.vettoriale.write(mondo)
        self.edifici.write(mondo)

    def finish(self) -> Disegnato:
        """Close what stays open to the end."""
        self.piano.finish()
        self.mappa.finish()
        self.edifici.finish()
        self.close()
        return Disegnato(tuple(f.righe for f in self.forniture), self.impronte.righe)

    def close(self) -> None:
        """Close the files, also of a town that was not finished."""
        for fornitura in self.forniture:
            fornitura.close()
        self.impronte.close()
