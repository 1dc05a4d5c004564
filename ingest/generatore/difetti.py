"""Defects planted on purpose, each written in the truth file."""

from __future__ import annotations

import random
from datetime import date
from typing import Final

from ingest.generatore.caso import Obblighi
from ingest.generatore.modello import MAI, Civico, Difetto, Mondo, Residenza, Unita
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.scrittura.imu import SOGGETTI_PASSIVI
from ingest.generatore.storia import some_day
from ingest.generatore.titoli import Possidenti, settle, spoil_shares

ARRIVO: Final = 2015
"""The year in which namesakes came: before the first supply."""

_ABBREVIATI: Final = {
    "SAN ": "S. ",
    "SANTA ": "S. ",
    "GIUSEPPE ": "G. ",
    "DELLA ": "D. ",
    "MONTE ": "M. ",
}


def plant(
    mondo: Mondo,
    possidenti: Possidenti,
    numeri: Numeratore,
    caso: random.Random,
    obblighi: Obblighi,
) -> None:
    """Spoil a sheet a little."""
    spoil_shares(mondo, caso)
    _wrong_door(mondo, caso, obblighi)
    _homonyms(mondo, possidenti, numeri, caso, obblighi)
    _register_noise(mondo, caso, obblighi)
    _unit_noise(mondo, caso, obblighi)
    _points(mondo, caso)


def misspell(testo: str, caso: random.Random) -> str:
    """Return a text as a tired hand types it."""
    sorte = caso.random()
    if sorte < 0.3:
        for intera, corta in _ABBREVIATI.items():
            if intera in testo:
                return testo.replace(intera, corta, 1)
    if len(testo) < 4:
        return f"{testo} "
    i = caso.randrange(1, len(testo) - 1)
    if sorte < 0.6:
        return testo[:i] + testo[i + 1 :]
    if sorte < 0.85:
        return testo[:i] + testo[i + 1] + testo[i] + testo[i + 2 :]
    return testo[:i] + testo[i] + testo[i:]


def _add(mondo: Mondo, tipo: str, file: str, chiave: str, oggetto: str, nota: str = "") -> None:
    mondo.difetti.append(Difetto(tipo, "*", file, chiave, oggetto, nota))


def _wrong_door(mondo: Mondo, caso: random.Random, obblighi: Obblighi) -> None:
    """Register whole households at another number of their street."""
    per_strada: dict[int, list[Civico]] = {}
    for civico in mondo.civici:
        per_strada.setdefault(civico.strada.numero, []).append(civico)
    # A household that moved is right at one home and may be wrong at the other.
    famiglie: dict[tuple[int, int], list[Residenza]] = {}
    for residenza in mondo.residenze:
        chiave = (residenza.famiglia, residenza.unita.id)
        famiglie.setdefault(chiave, []).append(residenza)
    for (numero, _), membri in famiglie.items():
        if not obblighi.roll("residente_civico_errato", caso, 0.012):
            continue
        vero = membri[0].civico
        altri = [
            c for c in per_strada.get(vero.strada.numero, ()) if c.edificio is not vero.edificio
        ]
        if not altri:
            continue
        obblighi.done("residente_civico_errato")
        sbagliato = caso.choice(altri)
        for residenza in membri:
            residenza.civico_dichiarato = sbagliato
        _add(
            mondo,
            "residente_civico_errato",
            "LAC",
            f"famiglia {numero}",
            " ".join(f"S{r.persona.id}" for r in membri),
            f"C{vero.progressivo} -> C{sbagliato.progressivo}",
        )


def _homonyms(
    mondo: Mondo,
    possidenti: Possidenti,
    numeri: Numeratore,
    caso: random.Random,
    obblighi: Obblighi,
) -> None:
    """House people who bear the name of another resident of the sheet."""
    abitate = {r.unita.id for r in mondo.residenze}
    vuote = [
        u
        for u in mondo.unita
        if u.id not in abitate
        and u.civico is not None
        and u.stati[-1].categoria in ("A02", "A03", "A04")
        and u.stati[0].dal.year < 2021
        and u.stati[-1].al == MAI
    ]
    if not mondo.residenze:
        return
    for unita in vuote:
        if not obblighi.roll("omonimi", caso, 0.03):
            continue
        obblighi.done("omonimi")
        modello = caso.choice(mondo.residenze).persona
        eta = max(20, 2021 - modello.nascita.year + caso.choice((-31, -17, 9, 23)))
        omonimo = possidenti.popolo.namesake(caso, modello, eta)
        giorno = some_day(caso)
        arrivo = date(ARRIVO, giorno.month, min(giorno.day, 28))  # every February has it
        settle(mondo, unita, [(omonimo, 1, 1)], numeri, arrivo, "iscrizione")
        _add(
            mondo,
            "omonimi",
            "LAC",
            f"{modello.cognome} {modello.nome}",
            f"S{modello.id} S{omonimo.id}",
        )
    if obblighi.owed("omonimi"):
        _rename_one(mondo, possidenti, obblighi)


def _rename_one(mondo: Mondo, possidenti: Possidenti, obblighi: Obblighi) -> None:
    """Give one resident the name of another, where no empty home can take a namesake."""
    primo = mondo.residenze[0].persona
    for r in mondo.residenze:
        altro = r.persona
        if altro.sesso == primo.sesso and altro.cognome != primo.cognome and not altro.scritto:
            possidenti.popolo.rename(altro, primo)
            obblighi.done("omonimi")
            chiave, oggetti = f"{primo.cognome} {primo.nome}", f"S{primo.id} S{altro.id}"
            _add(mondo, "omonimi", "LAC", chiave, oggetti)
            return


def _register_noise(mondo: Mondo, caso: random.Random, obblighi: Obblighi) -> None:
    for r in mondo.residenze:
        sorte = caso.random()
        if obblighi.owed("riga_doppia"):
            obblighi.done("riga_doppia")
            sorte = 0.017
        if sorte > 0.025:
            continue
        chiave, oggetto = r.persona.cf, f"S{r.persona.id}"
        if sorte < 0.016:
            r.via_storta = misspell(r.civico.strada.nome, caso)
            _add(mondo, "refuso_indirizzo", "LAC", chiave, oggetto, r.via_storta)
        elif sorte < 0.019:
            r.doppia = True
            _add(mondo, "riga_doppia", "LAC", chiave, oggetto)
        else:
            r.senza_cf = True
            _add(mondo, "chiave_mancante", "LAC", str(r.persona.id), oggetto, "codice fiscale")


def _unit_noise(mondo: Mondo, caso: random.Random, obblighi: Obblighi) -> None:
    for u in mondo.unita:
        if caso.random() < 0.03 and u.civico is not None:
            u.indirizzo_catasto = misspell(u.civico.strada.nome, caso)
            _add(mondo, "refuso_indirizzo", "FAB", str(u.id), f"U{u.id}", u.indirizzo_catasto)
        if caso.random() < 0.03 and u.civico is not None:
            u.indirizzo_imu = misspell(f"{u.civico.strada.dug} {u.civico.strada.nome}", caso)
            _add(mondo, "refuso_indirizzo", "IMU_posizioni", str(u.id), f"U{u.id}", u.indirizzo_imu)
        rendita = u.stati[-1].rendita
        tassata = rendita and u.stati[-1].categoria[0] in "AC" and u.diritti
        if tassata and rendita and obblighi.roll("rendita_diversa", caso, 0.02):
            obblighi.done("rendita_diversa")
            u.rendita_dichiarata = round(rendita * caso.choice((0.62, 0.8, 0.9, 1.1)))
            _add(
                mondo,
                "rendita_diversa",
                "IMU_posizioni",
                str(u.id),
                f"U{u.id}",
                f"{u.rendita_dichiarata / 100:.2f}",
            )
        _position_noise(mondo, u, caso)


def _position_noise(mondo: Mondo, u: Unita, caso: random.Random) -> None:
    for d in u.diritti:
        if d.codice not in SOGGETTI_PASSIVI:
            continue
        sorte = caso.random()
        if sorte < 0.02:
            d.imu = "assente"
            _add(mondo, "posizione_assente", "IMU_posizioni", str(d.id), f"U{u.id}")
        elif sorte < 0.023:
            d.imu = "doppia"
            _add(mondo, "riga_doppia", "IMU_posizioni", str(d.id), f"U{u.id}")
        elif sorte < 0.035:
            d.imu = "senza_chiave"
            _add(
                mondo,
                "chiave_mancante",
                "IMU_posizioni",
                str(d.id),
                f"U{u.id}",
                "identificativi catastali",
            )
        if d.soggetto.persona and not d.soggetto.scritto and caso.random() < 0.012:
            d.soggetto.senza_cf = True
            _add(
                mondo,
                "chiave_mancante",
                "SOG",
                str(d.soggetto.id),
                f"S{d.soggetto.id}",
                "codice fiscale",
            )


def _points(mondo: Mondo, caso: random.Random) -> None:
    for c in mondo.civici:
        sorte = caso.random()
        if sorte < 0.05:
            c.scarto = None
        elif sorte < 0.056:
            c.scarto = (caso.randint(-60000, 60000), caso.randint(-60000, 60000))
            c.corretto_dal = caso.choice((date(2022, 7, 1), date(2023, 1, 1), MAI))
            nota = "" if c.corretto_dal == MAI else f"corretto dal {c.corretto_dal}"
            _add(mondo, "punto_spostato", "INDIR", str(c.progressivo), f"C{c.progressivo}", nota)
