"""Telling cases of a town: where to look to see what the registry is for."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.generatore.modello import Edificio, Mondo, Unita
from ingest.generatore.poligoni import centroide
from ingest.generatore.proiezione import Proiezione

#: Each story once a town.
STORIE = ("divisione", "fonti_discordi", "ampliamento", "riservatezza", "noto_al")

type Storia = dict[str, object]


def tell(mondo: Mondo, proiezione: Proiezione, mancano: set[str]) -> Iterator[Storia]:
    """Yield the stories still wanted that a sheet can show, and take them off the list."""
    edifici = {f"E{e.id}": e for e in mondo.edifici}
    unita = {f"U{u.id}": u for u in mondo.unita}
    for nome, edificio, oggetto, nota in _cases(mondo, edifici, unita):
        if nome in mancano and edificio.civici:
            mancano.discard(nome)
            yield _story(nome, edificio, proiezione, oggetto, nota)


def _cases(
    mondo: Mondo, edifici: dict[str, Edificio], unita: dict[str, Unita]
) -> Iterator[tuple[str, Edificio, str, str]]:
    for e in mondo.eventi:
        if e.oggetto == "edificio" and e.tipo == "divisione":
            nota = f"{' '.join(e.prima)} diviso in {' '.join(e.dopo)} il {e.data}"
            yield "divisione", edifici[e.dopo[0]], e.prima[0], nota
        elif e.tipo == "vendita_registrata_tardi":
            nota = f"venduta il {e.data}, registrata il {e.noto_dal}"
            yield "noto_al", unita[e.prima[0]].edificio, e.prima[0], nota
    for d in mondo.difetti:
        if d.tipo == "ampliamento_non_dichiarato":
            yield "ampliamento", edifici[d.oggetto], d.oggetto, d.nota
        elif d.tipo == "rendita_diversa":
            nota = f"rendita dichiarata {d.nota}"
            yield "fonti_discordi", unita[d.oggetto].edificio, d.oggetto, nota
    for r in mondo.residenze:
        if r.inizio == "iscrizione" and any(d.soggetto is r.persona for d in r.unita.diritti):
            yield "riservatezza", r.unita.edificio, f"U{r.unita.id}", "residente e titolare"


def _story(
    nome: str, edificio: Edificio, proiezione: Proiezione, oggetto: str, nota: str
) -> Storia:
    particella = edificio.particelle[0]
    civico = edificio.civici[0]
    x, y = centroide(edificio.impronte[0].anello)
    lon, lat = proiezione.lonlat([(round(x), round(y))]).tolist()[0]
    return {
        "storia": nome,
        "edificio": f"E{edificio.id}",
        "oggetto": oggetto,
        "foglio": str(particella.foglio),
        "numero": particella.numero,
        "indirizzo": f"{civico.strada.dug} {civico.strada.nome} {civico.testo}",
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "nota": nota,
    }
