-- Civici with a number comparable across sources, and where people say they live.
-- Reads registro.civico, persone.residenza; writes temporary tables. Parameters: comune.
--
-- `coda`: exponent and initial of the colour, as NumeroCivico.coda.

CREATE TEMPORARY TABLE civici ON COMMIT DROP AS
SELECT id, daterange(valida_dal, valida_al) AS periodo, odonimo, numero,
  regexp_replace(upper(esponente), '[^A-Z0-9]', '', 'g') || left(specificita, 1) AS coda,
  geometria, fornitura
FROM registro.civico
WHERE comune = :comune AND nota_fino IS NULL
-- As in the other layers, neighbours in space on the same page.
ORDER BY geometria;
CREATE INDEX ON pg_temp.civici (odonimo, numero);
ANALYZE pg_temp.civici;

-- A household; a person without one is a household of one.
CREATE TEMPORARY TABLE residenze ON COMMIT DROP AS
SELECT soggetto, coalesce(famiglia, soggetto) AS nucleo, convivenza,
  daterange(valida_dal, valida_al) AS periodo, chiave_odonimo AS chiave, numero,
  regexp_replace(upper(coalesce(esponente, '')), '[^A-Z0-9]', '', 'g') AS coda,
  upper(coalesce(interno, '')) AS interno, fornitura
FROM persone.residenza
WHERE comune = :comune AND nota_fino IS NULL AND soggetto IS NOT NULL;
ANALYZE pg_temp.residenze;

CREATE TEMPORARY TABLE soggetti ON COMMIT DROP AS
SELECT id, daterange(valida_dal, valida_al) AS periodo, fornitura, tipo, data_nascita,
  CASE WHEN codice_valido THEN upper(codice_fiscale) END AS codice_fiscale,
  regexp_replace(
    upper(unaccent(concat_ws(' ', cognome, nome, denominazione))), '[^A-Z0-9]+', ' ', 'g'
  ) AS nome, impronta
FROM persone.soggetto
WHERE comune = :comune AND nota_fino IS NULL;
CREATE INDEX ON pg_temp.soggetti (codice_fiscale);
ANALYZE pg_temp.soggetti;
