"""The short code lists that fields of datasets use, in words."""

CLASSI_PARTICELLA = {
    "particella": "Particella",
    "strada": "Strada",
    "acqua": "Corso d’acqua",
}
CLASSI_EDIFICIO = {
    "residenziale": "Residenziale",
    "pubblico": "Pubblico o di culto",
    "commerciale": "Commerciale o ricettivo",
    "produttivo": "Produttivo",
    "rurale": "Rurale",
    "provvisorio": "Sagoma provvisoria",
    "altro": "Altro uso o uso non noto",
}
CLASSI_VINCOLO = {
    "beni": "Beni culturali e paesaggio",
    "acque": "Acque e rischio idrogeologico",
    "rispetto": "Fascia di rispetto",
    "altro": "Altro vincolo",
}
ZTO = {
    "A": "Centro storico",
    "B": "Completamento",
    "C": "Espansione",
    "D": "Produttiva",
    "E": "Agricola",
    "F": "Servizi e attrezzature",
    "altro": "Altra zona",
}
