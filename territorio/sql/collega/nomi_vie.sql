-- Every name a street has or had, with the house numbers it leads to.
-- Reads registro.odonimo, the temporary tables nomi_vie (names in other languages) and
-- civici; makes accessi. Parameters: comune.

INSERT INTO pg_temp.nomi_vie (odonimo, periodo, chiave)
SELECT id, daterange(valida_dal, valida_al), chiave_odonimo
FROM registro.odonimo
WHERE comune = :comune AND nota_fino IS NULL;

CREATE TEMPORARY TABLE accessi ON COMMIT DROP AS
SELECT v.chiave, v.periodo AS nome_periodo, c.id AS civico, c.periodo, c.numero, c.coda,
  c.fornitura
FROM (
  SELECT odonimo, chiave, unnest(range_agg(periodo)) AS periodo
  FROM pg_temp.nomi_vie GROUP BY odonimo, chiave
) AS v
JOIN pg_temp.civici AS c USING (odonimo)
WHERE c.numero IS NOT NULL;
CREATE INDEX ON pg_temp.accessi (chiave, numero);
ANALYZE pg_temp.accessi;
