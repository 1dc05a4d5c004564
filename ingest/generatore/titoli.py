"""Who holds what: owners, usufruct and bare ownership, firms, heirs; who lives where."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from ingest.generatore.modello import (
    MAI,
    Difetto,
    Diritto,
    Edificio,
    Mondo,
    Particella,
    Residenza,
    Soggetto,
    Unita,
)
from ingest.generatore.persone import CONIUGATO, CONIUGE, INTESTATARIO, OGGI, VEDOVO, Membro, Popolo
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.terreni import is_taxed

PROPRIETA, NUDA, USUFRUTTO, USO = "10", "20", "80", "70"
#: (subject, right, numerator, denominator, regime, spouse)
type Quota = tuple[Soggetto, str, int, int, str, Soggetto | None]

_COMPRAVENDITA: Final = ("IST", "COMPRAVENDITA")
_SUCCESSIONE: Final = ("DEN", "DENUNZIA (NEI PASSAGGI PER CAUSA DI MORTE)")


class Possidenti:
    """Owners known so far in the whole town: few thousand at a time, the older forgotten."""

    def __init__(self, popolo: Popolo, numeri: Numeratore, comune: str) -> None:
        self.popolo = popolo
        self.numeri = numeri
        self.noti: deque[Soggetto] = deque(maxlen=3000)
        self.ditte: deque[Soggetto] = deque(maxlen=400)
        self.comune = popolo.body(f"COMUNE DI {comune}")
        self.parrocchia = popolo.body("PARROCCHIA DEI SANTI PIETRO E PAOLO")
        self.demanio = popolo.body("DEMANIO DELLO STATO")
        self.casa_popolare = popolo.body("AZIENDA TERRITORIALE EDILIZIA RESIDENZIALE")

    def someone(self, caso: random.Random) -> Soggetto:
        """Return an owner from elsewhere or one met before."""
        if self.noti and caso.random() < 0.6:
            return self.noti[caso.randrange(len(self.noti))]
        nuovo = self.popolo.person(caso, caso.choice("MF"), caso.randint(34, 84))
        self.noti.append(nuovo)
        return nuovo

    def firm(self, caso: random.Random) -> Soggetto:
        """Return a firm, mostly one met before."""
        if self.ditte and caso.random() < 0.7:
            return self.ditte[caso.randrange(len(self.ditte))]
        nuova = self.popolo.firm(caso)
        self.ditte.append(nuova)
        return nuova

    def quotas_outside(self, caso: random.Random) -> list[Quota]:
        """Return the shares of an owner who does not live there."""
        sorte = caso.random()
        if sorte < 0.12:
            return [(self.firm(caso), PROPRIETA, 1, 1, "", None)]
        if sorte < 0.16:
            return [(self.casa_popolare, PROPRIETA, 1, 1, "", None)]
        if sorte < 0.40:
            eredi = [self.someone(caso)]
            eredi += [
                self.popolo.person(caso, caso.choice("MF"), caso.randint(38, 72), eredi[0].cognome)
                for _ in range(caso.choice((1, 2, 2, 3)))
            ]
            return [(e, PROPRIETA, 1, len(eredi), "", None) for e in eredi]
        return [(self.someone(caso), PROPRIETA, 1, 1, "", None)]


def family_quotas(
    membri: Sequence[Membro], possidenti: Possidenti, caso: random.Random
) -> list[Quota]:
    """Return how a household holds the home it lives in."""
    capo, _, stato = membri[0]
    coniuge = next((m[0] for m in membri if m[1] == CONIUGE), None)
    if coniuge is not None and stato == CONIUGATO and caso.random() < 0.62:
        if caso.random() < 0.7:
            return [
                (capo, PROPRIETA, 1, 2, "C", coniuge),
                (coniuge, PROPRIETA, 1, 2, "C", capo),
            ]
        return [(capo, PROPRIETA, 1, 2, "P", None), (coniuge, PROPRIETA, 1, 2, "P", None)]
    if stato == VEDOVO and caso.random() < 0.55:
        quanti = caso.choice((1, 2, 2, 3))
        eredi = [
            possidenti.popolo.person(
                caso, caso.choice("MF"), max(20, _eta(capo) - caso.randint(24, 34)), capo.cognome
            )
            for _ in range(quanti)
        ]
        if caso.random() < 0.4:
            return [
                (capo, USUFRUTTO, 1, 1, "", None),
                *((e, NUDA, 1, quanti, "", None) for e in eredi),
            ]
        if quanti == 1:
            return [(capo, PROPRIETA, 3, 4, "", None), (eredi[0], PROPRIETA, 1, 4, "", None)]
        return [
            (capo, PROPRIETA, 4, 6, "", None),
            *((e, PROPRIETA, 2, 6 * quanti, "", None) for e in eredi),
        ]
    return [(capo, PROPRIETA, 1, 1, "S" if coniuge else "", None)]


def _eta(persona: Soggetto) -> int:
    return OGGI.year - persona.nascita.year


class Intestazione:
    """Writes rights on units and parcels, with deeds of plausible years."""

    def __init__(self, numeri: Numeratore, caso: random.Random) -> None:
        self.numeri = numeri
        self.caso = caso

    def register(
        self,
        cosa: Unita | Particella,
        quote: Sequence[Quota],
        dal: date,
        noto_dal: date,
        causale: tuple[str, str],
    ) -> list[Diritto]:
        """Open the rights of a deed on one thing."""
        self.numeri.nota += 1
        nota = ("N", f"{self.numeri.nota % 1000000:06d}", noto_dal.year)
        nuovi = []
        for soggetto, codice, num, den, regime, rif in quote:
            self.numeri.diritto += 1
            nuovi.append(
                Diritto(
                    self.numeri.diritto,
                    soggetto,
                    codice,
                    num,
                    den,
                    regime,
                    rif,
                    dal,
                    noto_dal,
                    nota,
                    causale,
                )
            )
        cosa.diritti += nuovi
        return nuovi

    def old_deed(self, cosa: Unita | Particella, quote: Sequence[Quota]) -> None:
        """Open rights that were there before the first supply."""
        caso = self.caso
        dal = date(caso.randint(1990, 2020), caso.randint(1, 12), caso.randint(1, 28))
        minimo = cosa.stati[0].dal if isinstance(cosa, Unita) or cosa.madre else cosa.dal
        dal = max(min(max(dal, minimo), date(2020, 10, 31)), minimo)
        causale = _COMPRAVENDITA if caso.random() < 0.68 else _SUCCESSIONE
        self.register(cosa, quote, dal, dal + timedelta(days=caso.randint(5, 60)), causale)


def people(mondo: Mondo, possidenti: Possidenti, numeri: Numeratore, caso: random.Random) -> None:
    """House families in the dwellings of a sheet and give everything its holders."""
    atti = Intestazione(numeri, caso)
    locali: list[Soggetto] = []
    for edificio in mondo.edifici:
        for unita in edificio.unita:
            if unita.principale is None:
                _hold(mondo, unita, possidenti, atti, locali, caso)
    for edificio in mondo.edifici:
        for unita in edificio.unita:
            if unita.principale is not None:
                _follow_main(unita, unita.principale, atti)
    _hold_land(mondo, possidenti, atti, locali, caso)
    possidenti.noti.extend(caso.sample(locali, min(len(locali), 12)))


def _hold(
    mondo: Mondo,
    unita: Unita,
    possidenti: Possidenti,
    atti: Intestazione,
    locali: list[Soggetto],
    caso: random.Random,
) -> None:
    categoria = unita.stati[0].categoria
    if not categoria:
        return  # common goods have no holders
    if categoria in ("E07", "E08", "B04", "B05"):
        ente = possidenti.parrocchia if categoria == "E07" else possidenti.comune
        atti.old_deed(unita, [(ente, PROPRIETA, 1, 1, "", None)])
    elif categoria[0] == "A" and categoria != "A10":
        _occupy(mondo, unita, possidenti, atti, locali, caso)
    elif categoria[0] == "D" and categoria != "D10":
        atti.old_deed(unita, [(possidenti.firm(caso), PROPRIETA, 1, 1, "", None)])
    elif locali and caso.random() < 0.6:
        atti.old_deed(unita, [(caso.choice(locali[-12:]), PROPRIETA, 1, 1, "", None)])
    else:
        atti.old_deed(unita, possidenti.quotas_outside(caso))


def _occupy(
    mondo: Mondo,
    unita: Unita,
    possidenti: Possidenti,
    atti: Intestazione,
    locali: list[Soggetto],
    caso: random.Random,
) -> None:
    sorte = caso.random() if unita.edificio.al == MAI or unita.edificio.figlia else 0.0
    vuota = 0.26 if unita.edificio.genere == "casa" else 0.10
    if sorte < vuota or unita.civico is None:
        atti.old_deed(unita, possidenti.quotas_outside(caso))
        return
    membri = possidenti.popolo.household(caso)
    adulti = [m[0] for m in membri if _eta(m[0]) >= 22]
    if sorte < vuota + 0.14:
        atti.old_deed(unita, possidenti.quotas_outside(caso))
    else:
        atti.old_deed(unita, family_quotas(membri, possidenti, caso))
        locali += adulti
    settle(mondo, unita, membri, possidenti.numeri, _arrival(unita, membri, caso), "iscrizione")


def _arrival(unita: Unita, membri: Sequence[Membro], caso: random.Random) -> date:
    eta = max(1, _eta(membri[0][0]) - 22)
    dal = date(2020 - min(eta, caso.randint(0, 30)), caso.randint(1, 12), caso.randint(1, 28))
    return max(dal, unita.diritti[0].dal if unita.diritti else dal, unita.stati[0].dal)


def settle(
    mondo: Mondo,
    unita: Unita,
    membri: Sequence[Membro],
    numeri: Numeratore,
    dal: date,
    motivo: str,
) -> None:
    """Register a household at a unit from a day on; who is born later, from birth."""
    if unita.civico is None:
        raise ValueError("nobody can live where there is no house number")
    famiglia = numeri.next("famiglia")
    for persona, relazione, stato in membri:
        mondo.residenze.append(
            Residenza(
                persona,
                famiglia,
                relazione,
                stato,
                unita,
                unita.civico,
                max(dal, persona.nascita),
                inizio=motivo,
            )
        )


def _follow_main(unita: Unita, principale: Unita, atti: Intestazione) -> None:
    """Give a garage or a cellar to the holders of its dwelling, by the same deed."""
    primi = principale.diritti
    if primi:
        quote = quotas_of(primi)
        dal = max(primi[0].dal, unita.stati[0].dal)
        atti.register(unita, quote, dal, max(primi[0].noto_dal, dal), primi[0].causale)


def _hold_land(
    mondo: Mondo,
    possidenti: Possidenti,
    atti: Intestazione,
    locali: list[Soggetto],
    caso: random.Random,
) -> None:
    quote: list[Quota] = []
    for particella in sorted(mondo.particelle, key=lambda p: p.madre is not None):
        if not is_taxed(particella):
            continue
        if particella.madre is not None and particella.madre.diritti:
            quote = quotas_of(particella.madre.diritti)
        elif not quote or caso.random() < 0.4:
            sorte = caso.random()
            if locali and sorte < 0.5:
                quote = [(caso.choice(locali), PROPRIETA, 1, 1, "", None)]
            elif sorte < 0.06 + 0.5:
                quote = [(possidenti.comune, PROPRIETA, 1, 1, "", None)]
            else:
                quote = possidenti.quotas_outside(caso)
        atti.old_deed(particella, quote)
        fine = particella.stati[0]
        for diritto in particella.diritti:
            diritto.al, diritto.noto_al = fine.al, fine.noto_al


def close_rights(diritti: Iterable[Diritto], giorno: date, noto: date) -> None:
    """End the rights still open."""
    for diritto in diritti:
        if diritto.al == MAI:
            diritto.al, diritto.noto_al = giorno, noto


def quotas_of(diritti: Iterable[Diritto]) -> list[Quota]:
    """Return rights as shares, to write the same holders on another thing."""
    return [(d.soggetto, d.codice, d.num, d.den, d.regime, d.rif) for d in diritti]


def spoil_shares(mondo: Mondo, caso: random.Random) -> None:
    """Plant shares that do not sum to one, in about three units of two hundred."""
    for unita in mondo.unita:
        if not unita.diritti or caso.random() > 0.015 or len(unita.diritti) > 3:
            continue
        diritto = unita.diritti[-1]
        if diritto.codice != PROPRIETA:
            continue
        if len(unita.diritti) == 1:
            diritto.num, diritto.den = caso.choice(((1, 2), (0, 0), (999, 1000)))
        else:
            diritto.num, diritto.den = 2, 3
        mondo.difetti.append(
            Difetto(
                "quote_non_unitarie",
                "*",
                "TIT",
                f"F/{unita.id}",
                f"U{unita.id}",
                f"quota {diritto.num}/{diritto.den}",
            )
        )


def holders(edificio: Edificio) -> list[Soggetto]:
    """Return who holds a right on some unit of a building."""
    return [d.soggetto for u in edificio.unita for d in u.diritti]


__all__ = [
    "INTESTATARIO",
    "NUDA",
    "PROPRIETA",
    "USO",
    "USUFRUTTO",
    "Intestazione",
    "Possidenti",
    "Quota",
    "family_quotas",
    "holders",
    "people",
    "settle",
    "spoil_shares",
]
