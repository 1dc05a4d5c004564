-- Brings the persons of one municipality that can be found by name or fiscal code to what is
-- known now. Reads persone.soggetto, also of what ended; writes persone.ricerca, and there only
-- what differs, since the index costs more than the reading. May run twice.
-- Parameter: comune.
CREATE TEMPORARY TABLE persone_nuove ON COMMIT DROP AS
SELECT DISTINCT ON (t.id) t.id,
  coalesce(nullif(concat_ws(' ', t.cognome, t.nome), ''), t.denominazione) AS testo,
  CASE WHEN octet_length(k.chiave) = length(k.chiave) THEN upper(k.chiave)
    ELSE upper(public.unaccent(k.chiave)) END AS chiave
FROM persone.soggetto t
CROSS JOIN LATERAL (
  SELECT concat_ws(' ', t.cognome, t.nome, t.denominazione, t.codice_fiscale) AS chiave
) k
WHERE t.comune = :comune AND t.nota_fino IS NULL
  AND coalesce(t.cognome, t.nome, t.denominazione, '') <> ''
ORDER BY t.id, t.valida_al DESC NULLS FIRST, t.versione DESC;

DELETE FROM persone.ricerca r
WHERE r.comune = :comune
  AND NOT EXISTS (
    SELECT FROM persone_nuove n
    WHERE n.id = r.id AND n.testo = r.testo AND n.chiave = r.chiave
  );

INSERT INTO persone.ricerca (comune, id, testo, chiave)
SELECT :comune, n.id, n.testo, n.chiave
FROM persone_nuove n
ON CONFLICT (comune, id) DO NOTHING;

DROP TABLE persone_nuove;

ANALYZE persone.ricerca
