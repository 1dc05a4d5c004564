"""The links: which object belongs to which, and which are the same.

Each kind of link proposes candidates with a method of its scale (:mod:`.scala`) from the
facts on the workbench (:mod:`.banco`); the same steps (:mod:`.risoluzione`) choose among
them day by day, leave alone what a person judged, and compare with what is known.
"""

from territorio.collegamento.esecuzione import TIPI, Conteggio, collega

__all__ = ["TIPI", "Conteggio", "collega"]
