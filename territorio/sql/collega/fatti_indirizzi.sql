-- Civici with a number comparable across sources, and where people say they live.
-- Reads registro.civico, persone.residenza; writes temporary tables.
-- Parameters: comune, ufficio (the fonte of what operators write: it prevails).
--
-- `coda`: exponent and initial of the colour, as NumeroCivico.coda.

CREATE TEMPORARY TABLE civici ON COMMIT DROP AS
SELECT c.id, resto.periodo, c.odonimo, c.numero,
  regexp_replace(upper(c.esponente), '[^A-Z0-9]', '', 'g') || left(c.specificita, 1) AS coda,
  c.geometria, c.fornitura
FROM (
  SELECT *, daterange(valida_dal, valida_al) AS periodo,
    range_agg(daterange(valida_dal, valida_al)) OVER (
      PARTITION BY id ORDER BY fonte = :ufficio DESC, valida_dal DESC NULLS LAST, fonte, impronta
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS coperto
  FROM registro.civico
  WHERE comune = :comune AND nota_fino IS NULL
) AS c
CROSS JOIN LATERAL unnest(
  datemultirange(c.periodo) - coalesce(c.coperto, '{}'::datemultirange)
) AS resto (periodo)
-- As in the other layers, neighbours in space on the same page.
ORDER BY c.geometria;
CREATE INDEX ON pg_temp.civici (odonimo, numero);
ANALYZE pg_temp.civici;

-- A household; a person without one is a household of one.
CREATE TEMPORARY TABLE residenze ON COMMIT DROP AS
SELECT soggetto, coalesce(famiglia, soggetto) AS nucleo, convivenza,
  daterange(valida_dal, valida_al) AS periodo, codice_via, chiave_odonimo AS chiave, numero,
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
