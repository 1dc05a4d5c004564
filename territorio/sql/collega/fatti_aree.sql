-- The outlines now in knowledge, of all layers, each with the days it holds.
-- Reads registro.edificio, particella, aggregato, zona_urbanistica, vincolo,
-- area_pericolosita.
-- Parameters: comune, ufficio (the fonte of what operators write).
--
-- Where several sources draw the same object, one outline stands at a time, as in
-- territorio/prevalenza.py: the office's (an empty one says that nothing is there), then a
-- certain one, then the newest; the others on the days those do not speak. Outlines of many points are cut
-- in pieces (same id, same n): the index then finds the part that counts.

CREATE TEMPORARY TABLE aree ON COMMIT DROP AS
WITH righe AS (
  SELECT 'edificio' AS strato, id, fonte, fornitura, valida_dal, valida_al, impronta,
    provvisorio, geometria, area_mq::float8 AS area_mq
  FROM registro.edificio
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
  UNION ALL
  SELECT CASE classe WHEN 'particella' THEN 'particella' ELSE 'altro' END, id, fonte,
    fornitura, valida_dal, valida_al, impronta, false, geometria, area_mq::float8
  FROM registro.particella
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
  UNION ALL
  SELECT 'aggregato', id, fonte, fornitura, valida_dal, valida_al, impronta, false,
    geometria, area_mq::float8
  FROM registro.aggregato
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
  UNION ALL
  SELECT 'zona', id, fonte, fornitura, valida_dal, valida_al, impronta, false, geometria, NULL
  FROM registro.zona_urbanistica
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
  UNION ALL
  SELECT 'vincolo', id, fonte, fornitura, valida_dal, valida_al, impronta, false, geometria,
    NULL
  FROM registro.vincolo
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
  UNION ALL
  SELECT 'pericolosita', id, fonte, fornitura, valida_dal, valida_al, impronta, false, geometria,
    NULL
  FROM registro.area_pericolosita
  WHERE comune = :comune AND nota_fino IS NULL
    AND (geometria IS NOT NULL OR fonte = :ufficio)
),
ordinate AS (
  SELECT *, daterange(valida_dal, valida_al) AS periodo,
    range_agg(daterange(valida_dal, valida_al)) OVER (
      PARTITION BY id
      ORDER BY fonte = :ufficio DESC, provvisorio, valida_dal DESC NULLS LAST, fonte, impronta
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS coperto
  FROM righe
),
intere AS (
  SELECT strato, id, row_number() OVER () AS n, resto.periodo, geometria, area_mq, fornitura
  FROM ordinate
  CROSS JOIN LATERAL unnest(
    datemultirange(periodo) - coalesce(coperto, '{}'::datemultirange)
  ) AS resto (periodo)
  WHERE geometria IS NOT NULL
)
SELECT strato, id, n, periodo, pezzo.geometria, area_mq, fornitura
FROM intere
CROSS JOIN LATERAL (
  SELECT intere.geometria
  WHERE strato NOT IN ('zona', 'vincolo', 'pericolosita') OR ST_NPoints(geometria) <= 40
  UNION ALL
  SELECT ST_Subdivide(intere.geometria, 32)
  WHERE strato IN ('zona', 'vincolo', 'pericolosita') AND ST_NPoints(geometria) > 40
) AS pezzo (geometria)
-- Neighbours in space become neighbours on disk: the joins read each page once.
ORDER BY pezzo.geometria;

-- SP-GiST answers these small boxes in a third of the time of GiST.
CREATE INDEX ON pg_temp.aree USING spgist (geometria) WHERE strato = 'particella';
CREATE INDEX ON pg_temp.aree USING spgist (geometria) WHERE strato = 'edificio';
CREATE INDEX ON pg_temp.aree USING spgist (geometria) WHERE strato = 'aggregato';
ANALYZE pg_temp.aree;
