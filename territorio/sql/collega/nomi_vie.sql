-- Every name a street has or had, with the house numbers it leads to.
-- Reads registro.odonimo, the temporary tables nomi_vie (names in other languages) and
-- civici; makes accessi. Parameters: comune, ufficio (the fonte of what operators write).
--
-- Where the office renamed a street, the name the deliveries still use is a former one.

INSERT INTO pg_temp.nomi_vie (odonimo, periodo, chiave)
SELECT o.id, resto.periodo, o.chiave_odonimo
FROM (
  SELECT *, daterange(valida_dal, valida_al) AS periodo
  FROM registro.odonimo WHERE comune = :comune AND nota_fino IS NULL
) AS o
LEFT JOIN (
  SELECT id, range_agg(daterange(valida_dal, valida_al)) AS periodi
  FROM registro.odonimo WHERE comune = :comune AND nota_fino IS NULL AND fonte = :ufficio
  GROUP BY id
) AS u ON u.id = o.id AND o.fonte <> :ufficio
CROSS JOIN LATERAL unnest(
  datemultirange(o.periodo) - coalesce(u.periodi, '{}'::datemultirange)
) AS resto (periodo);

CREATE TEMPORARY TABLE accessi ON COMMIT DROP AS
SELECT v.chiave, v.periodo AS nome_periodo, codici.nazionale, codici.comunali, c.id AS civico,
  c.periodo, c.numero, c.coda, c.fornitura
FROM (
  SELECT odonimo, chiave, unnest(range_agg(periodo)) AS periodo
  FROM pg_temp.nomi_vie GROUP BY odonimo, chiave
) AS v
JOIN (
  SELECT id AS odonimo, max(progressivo_nazionale)::text AS nazionale,
    array_agg(DISTINCT codice_comunale) FILTER (WHERE codice_comunale <> '') AS comunali
  FROM registro.odonimo WHERE comune = :comune AND nota_fino IS NULL GROUP BY id
) AS codici USING (odonimo)
JOIN pg_temp.civici AS c USING (odonimo)
WHERE c.numero IS NOT NULL;
CREATE INDEX ON pg_temp.accessi (chiave, numero);
ANALYZE pg_temp.accessi;
