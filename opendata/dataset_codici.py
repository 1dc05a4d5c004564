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
FENOMENI = {
    "frana": "Frana",
    "alluvione": "Alluvione",
    "valanga": "Valanga",
}
CLASSI_PERICOLOSITA = {
    "P4": "Frane: molto elevata",
    "P3": "Frane: elevata; alluvioni: elevata, frequenti; valanghe: elevata",
    "P2": "Frane e valanghe: media; alluvioni: media, poco frequenti",
    "P1": "Frane e valanghe: moderata; alluvioni: bassa, rare o estreme",
    "AA": "Frane: area di attenzione",
    "studio": "Area studiata, nessuna pericolosità assegnata",
}
TIPI_LOCALITA = {
    "1": "Centro abitato",
    "2": "Nucleo abitato",
    "3": "Località produttiva",
    "4": "Case sparse",
}
