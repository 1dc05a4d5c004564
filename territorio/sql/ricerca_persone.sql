-- Writes anew the persons of one municipality that can be found by name or fiscal code.
-- Reads persone.soggetto as known now, ended or not; writes persone.ricerca. May run twice.
-- Parameter: comune.
DELETE FROM persone.ricerca WHERE comune = :comune;

INSERT INTO persone.ricerca (comune, id, testo, chiave)
SELECT DISTINCT ON (t.id) :comune, t.id,
  coalesce(nullif(concat_ws(' ', t.cognome, t.nome), ''), t.denominazione),
  upper(public.unaccent(concat_ws(' ', t.cognome, t.nome, t.denominazione, t.codice_fiscale)))
FROM persone.soggetto t
WHERE t.comune = :comune AND t.nota_fino IS NULL
  AND coalesce(t.cognome, t.nome, t.denominazione, '') <> ''
ORDER BY t.id, t.valida_al DESC NULLS FIRST, t.versione DESC;

ANALYZE persone.ricerca
