"""Codes in words: buildings (DM 10/11/2011), planning, households, cadastre, issues."""

from catasto import codici as catasto
from catasto.errors import CatastoError
from catasto.riferimento import RiferimentoCatastale, RiferimentoUrbano

USI: dict[str, str] = {
    "01": "residenziale",
    "0101": "abitativo",
    "02": "amministrativo",
    "0201": "municipio",
    "03": "servizio pubblico",
    "0301": "servizio sanitario",
    "030102": "ospedale",
    "0303": "istruzione",
    "030301": "scuola",
    "030302": "università",
    "0304": "poste e telecomunicazioni",
    "0306": "forze dell’ordine",
    "0307": "vigili del fuoco",
    "04": "militare",
    "05": "culto",
    "06": "trasporti",
    "0602": "trasporto stradale",
    "060202": "parcheggio",
    "0603": "trasporto ferroviario",
    "060301": "stazione ferroviaria",
    "07": "commerciale",
    "08": "industriale",
    "0801": "stabilimento industriale",
    "09": "agricolo",
    "10": "ricreativo",
    "1001": "attività culturali",
    "100101": "biblioteca",
    "100104": "museo",
    "11": "carcerario",
    "12": "turistico",
    "1201": "albergo",
    "1204": "rifugio",
    "93": "non definito",
    "95": "altro uso",
}
"""Uses, by a code that grows by two digits a level."""

TIPI: dict[str, str] = {
    "01": "edificio generico",
    "02": "palazzo a torre",
    "03": "edificio tipico",
    "0301": "nuraghe",
    "0302": "dammuso",
    "0303": "tabià",
    "0304": "masseria",
    "0305": "trullo",
    "04": "villa",
    "05": "edificio a schiera",
    "06": "battistero",
    "07": "campanile",
    "08": "capannone",
    "09": "edificio rurale",
    "10": "castello",
    "11": "chiesa",
    "12": "anfiteatro",
    "13": "faro",
    "14": "hangar",
    "15": "moschea",
    "16": "tempio",
    "17": "mulino",
    "18": "osservatorio",
    "19": "palazzetto dello sport",
    "20": "sinagoga",
    "21": "stadio",
    "22": "cattedrale",
    "23": "tettoia",
    "24": "bastione",
    "25": "mura",
    "93": "non definito",
    "95": "altro tipo",
}
"""Types, by a code of two digits and at times two more."""

ZTO: dict[str, str] = {
    "01": "A, centro storico",
    "02": "B, completamento",
    "03": "C, espansione",
    "04": "D, produttiva",
    "05": "E, agricola",
    "06": "F, servizi e attrezzature",
    "A": "A, centro storico",
    "B": "B, completamento",
    "C": "C, espansione",
    "D": "D, produttiva",
    "E": "E, agricola",
    "F": "F, servizi e attrezzature",
}
"""Homogeneous zones of DM 1444/1968."""

DESTINAZIONI: dict[str, str] = {
    "01": "agricola",
    "02": "residenziale",
    "0201": "residenziale privata",
    "0202": "residenziale collettiva",
    "0203": "residenziale, area impropria",
    "0204": "verde privato",
    "03": "produttiva",
    "04": "terziaria",
    "0401": "uffici",
    "0402": "commercio al dettaglio",
    "0403": "commercio all’ingrosso",
    "0404": "tempo libero",
    "05": "turistica",
    "06": "mista",
    "07": "servizi",
    "0701": "servizi alle persone",
    "070101": "interesse comune",
    "070102": "istruzione",
    "070103": "parco",
    "070104": "parcheggio",
    "0702": "servizi alla produzione",
    "0703": "servizi al terziario",
    "0704": "servizi generali",
    "08": "infrastrutture",
    "0801": "cimiteri e impianti speciali",
    "0802": "reti tecniche",
    "0803": "trasporti",
}
"""Uses of planning zones, by a code that grows by two digits a level."""

PARENTELE: dict[str, str] = {
    "1": "intestatario della scheda",
    "2": "marito o moglie",
    "3": "figlio o figlia",
    "4": "nipote (discendente)",
    "5": "pronipote (discendente)",
    "6": "padre o madre",
    "7": "nonno o nonna",
    "8": "bisnonno o bisnonna",
    "9": "fratello o sorella",
    "10": "nipote (collaterale)",
    "11": "zio o zia",
    "12": "cugino o cugina",
    "13": "altro parente",
    "16": "genero o nuora",
    "17": "suocero o suocera",
    "18": "cognato o cognata",
    "20": "nipote (affine)",
    "21": "zio o zia (affine)",
    "22": "altro affine",
    "23": "convivente con vincoli affettivi",
    "24": "responsabile della convivenza",
    "25": "convivente non affettivo",
    "26": "tutore",
    "28": "unito civilmente",
    "81": "nipote",
    "99": "non definita",
}
"""Relations to the holder of a household, ANPR table."""

VINCOLI: dict[str, str] = {
    "T_VGEO": "vincolo idrogeologico",
    "T_FRIA": "fascia fluviale",
    "G_FRANA": "frana",
    "G_PAI_A": "piano di assetto idrogeologico, area",
    "G_PAI_L": "piano di assetto idrogeologico, linea",
    "G_RME": "rischio molto elevato",
    "G_PGRA": "pericolosità da alluvione",
    "G_ATRCO": "abitato da consolidare",
    "G_CLASSIGEO": "classe geologica",
    "P_BENIP_POL": "area di notevole interesse pubblico",
    "P_BENIP_LIN": "bene paesaggistico, linea",
    "P_BENIP_PNT": "bene paesaggistico, punto",
    "P_BENICULT": "bene culturale",
    "P_LAGHI": "territorio vicino ai laghi",
    "P_FIUMI": "fiumi, torrenti e corsi d’acqua",
    "P_MONTAGNA": "montagna",
    "P_GHIACC": "ghiacciaio",
    "P_PARCHI": "parco o riserva",
    "P_BOSCHI": "bosco",
    "P_USICIV": "usi civici",
    "P_UMIDE": "zona umida",
    "P_ARCHEO": "interesse archeologico",
    "P_NAT2000": "rete Natura 2000",
    "P_UNESCO": "sito UNESCO",
    "U_CIMI": "rispetto cimiteriale",
    "U_STRADA": "rispetto stradale",
    "U_FERR": "rispetto ferroviario",
    "U_ELETTRO": "rispetto di elettrodotto",
    "U_GAS": "rispetto di metanodotto",
    "U_DEPUR": "rispetto di depuratore",
    "U_DISCAR": "rispetto di discarica",
    "U_RIR": "rischio di incidente rilevante",
    "U_CAPT": "rispetto di captazione d’acqua",
    "U_AEREA": "vincolo aeroportuale",
    "U_MILI": "vincolo militare",
    "U_INEDIF": "inedificabilità",
}
"""Kinds of constraints, by the name of their layer."""


USI_IMU: dict[str, str] = {
    "abitazione_principale_esente": "abitazione principale esente",
    "abitazione_principale_lusso": "abitazione principale di lusso",
    "assimilazione_anziani_disabili": "casa di anziani o disabili, come principale",
    "fabbricati_rurali_strumentali": "fabbricati rurali strumentali",
    "fabbricati_gruppo_d": "fabbricati del gruppo D",
    "terreni_agricoli": "terreni agricoli",
    "aree_fabbricabili": "aree fabbricabili",
    "altri_fabbricati": "altri fabbricati",
}
"""Main cases of the sheet of IMU rates."""

SEGNALAZIONI: dict[str, str] = {
    "imu.rendita_diversa": "rendita IMU diversa dal catasto",
    "imu.quota_impossibile": "quota IMU impossibile",
    "imu.aliquota_oltre_i_limiti": "aliquota IMU oltre i limiti di legge",
    "imu.comune_non_in_vita": "comune che non esisteva nell’anno d’imposta",
    "anncsu.oltre_limiti_nazionali": "coordinate oltre i limiti documentati",
    "anncsu.totale_accessi": "totale degli accessi diverso dal dichiarato",
    "anncsu.strada_assente": "accesso di una strada assente",
    "anncsu.punto_senza_metodo": "punto senza metodo di rilievo",
    "anncsu.metodo_senza_punto": "metodo di rilievo senza punto",
    "anncsu.esponente_numerico": "esponente numerico",
    "anncsu.doppio": "civico ripetuto",
    "anncsu.coordinate_zero": "coordinate nulle",
    "anncsu.coordinate_scambiate": "coordinate scambiate",
    "anncsu.coordinate_metriche": "coordinate in metri",
    "anncsu.coordinate_mancanti": "coordinate mancanti",
    "anncsu.coordinate_fuori_italia": "coordinate fuori dall’Italia",
    "anncsu.civico_e_metrico": "civico numerico e chilometrico insieme",
    "anncsu.chilometrica": "progressiva chilometrica",
    "anncsu.belfiore_istat": "codice catastale e codice ISTAT discordi",
}
"""Kinds of issues that a source names by a code."""

AUTORI: dict[str, str] = {
    "calcolo": "calcolo dei legami",
    "ingest": "caricamento delle forniture",
    "territorio ingest": "caricamento delle forniture",
    "territorio ripristina": "ripristino di un salvataggio",
    "pubblico": "un lettore",
}
"""Who acts in the registry without being a person."""


def describe(table: dict[str, str], code: str) -> str:
    """Return a code in words, by its nearest level; what is no code stays as it is.

    >>> describe(USI, "010199"), describe(USI, "abitazione principale")
    ('abitativo', 'abitazione principale')
    """
    text = code.strip()
    if text in table:
        return table[text]
    while text.isdecimal():
        if text in table:
            return table[text]
        text = text[:-2]
    return code


def quality(code: str) -> str:
    """Return the quality of a parcel of land.

    >>> quality("282"), quality("9999")
    ('ente urbano', 'codice 9999')
    """
    words = catasto.qualita().get(int(code)) if code.isdecimal() else code
    return words or f"codice {code}"


def reference(riferimento: str) -> str:
    """Return the reference of a parcel or a unit as officers say it; the municipality is known.

    >>> reference("H501/A/352.B0/1018/2")
    'sez.\u00a0A foglio\u00a0352 all.\u00a0B part.\u00a01018/2'
    """
    parcel, unit = _read(riferimento)
    said = parcel or unit
    if said is None:
        return riferimento
    inset = (parcel.allegato, parcel.sviluppo) if parcel else ("0", "0")
    parts = (
        ("sez.", said.sezione),
        ("sez. urb.", unit.sezione_urbana if unit else ""),
        ("foglio", said.foglio),
        ("all.", inset[0].strip("0")),
        ("svil.", inset[1].strip("0")),
        ("part.", said.numero + (f"/{said.denominatore}" if said.denominatore else "")),
        ("sub", unit.subalterno if unit else ""),
    )
    # A word and its number are read together: they part on no line.
    return " ".join(f"{word}\u00a0{value}" for word, value in parts if value)


def _read(testo: str) -> tuple[RiferimentoCatastale | None, RiferimentoUrbano | None]:
    """Read a reference as a parcel's or else as a unit's."""
    try:
        return RiferimentoCatastale.parse(testo), None
    except CatastoError:
        pass
    try:
        return None, RiferimentoUrbano.parse(testo)
    except CatastoError:
        return None, None


def reserves(riserve: list[dict[str, str]]) -> str:
    """Return the reserves on an entry of the cadastre, each with the ledger it is noted in.

    >>> reserves([{"codice": "3", "partita": "12"}])
    'errate generalità in atto (partita 12)'
    """
    texts = []
    for riserva in riserve:
        code, ledger = riserva.get("codice") or "", riserva.get("partita")
        words = catasto.RISERVE.get(code, f"riserva {code}")
        texts.append(f"{words} (partita {ledger})" if ledger else words)
    return "; ".join(texts)


def author(autore: str) -> str:
    """Return who did something, where it was no person; a person's name stays as it is.

    >>> author("regola quote"), author("dott. Neri")
    ('controllo automatico: quote', 'dott. Neri')
    """
    if autore.startswith("regola "):
        return f"controllo automatico: {autore.removeprefix('regola ').replace('_', ' ')}"
    return AUTORI.get(autore, autore)
