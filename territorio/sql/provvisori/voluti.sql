-- The provisional buildings that should stand: drawings of the cadastre, and aggregates of
-- the civil protection, on the days when no better outline covers a fifth of them.
-- Reads registro.fabbricato, aggregato, edificio, chiave; makes the temporary table voluti.
-- Parameters: comune. May run twice in a transaction.
DROP TABLE IF EXISTS voluti;

CREATE TEMPORARY TABLE voluti ON COMMIT DROP AS
WITH fabbricati AS (
  SELECT 'fabbricato ' || f.id AS chiave, f.codice, f.fonte, f.fornitura, f.riga, f.impronta,
    f.valida_dal, f.valida_al, f.geometria, ST_Area(f.geometria) AS area
  FROM registro.fabbricato AS f
  WHERE f.comune = :comune AND f.nota_fino IS NULL AND f.geometria IS NOT NULL
),
origini AS (
  SELECT * FROM fabbricati
  UNION ALL
  SELECT 'aggregato ' || a.id, a.codice, a.fonte, a.fornitura, a.riga, a.impronta,
    a.valida_dal, a.valida_al, a.geometria, ST_Area(a.geometria)
  FROM registro.aggregato AS a
  WHERE a.comune = :comune AND a.nota_fino IS NULL AND a.geometria IS NOT NULL
),
sovrapposte AS (
  SELECT o.chiave, o.valida_dal AS dal, e.id, e.valida_dal, o.area,
    ST_Area(e.geometria) AS area_e, ST_Area(ST_Intersection(o.geometria, e.geometria)) AS comune
  FROM origini AS o
  JOIN registro.edificio AS e
    ON e.comune = :comune AND e.nota_fino IS NULL AND NOT e.provvisorio
    AND e.geometria && o.geometria
    AND registro.riquadro_comune(e.geometria, o.geometria) >= 0.2 * o.area
  UNION ALL
  SELECT o.chiave, o.valida_dal, NULL, f.valida_dal, o.area, f.area,
    ST_Area(ST_Intersection(o.geometria, f.geometria))
  FROM origini AS o
  JOIN fabbricati AS f ON f.geometria && o.geometria
    AND registro.riquadro_comune(f.geometria, o.geometria) >= 0.2 * o.area
  WHERE o.chiave LIKE 'aggregato %'
),
coperture AS (
  SELECT chiave, dal,
    min(coalesce(valida_dal, '-infinity')) FILTER (WHERE comune >= 0.2 * area) AS coperto_dal,
    (array_agg(id ORDER BY comune DESC, id)
      FILTER (WHERE id IS NOT NULL AND comune >= 0.5 * area AND comune >= 0.5 * area_e))[1]
      AS uguale
  FROM sovrapposte
  GROUP BY chiave, dal
)
SELECT o.chiave, o.codice, o.fonte, o.fornitura, o.riga, o.impronta, o.geometria,
  o.valida_dal AS dal, nullif(least(o.valida_al, c.coperto_dal), 'infinity') AS al,
  coalesce(k.id, c.uguale) AS id
FROM origini AS o
LEFT JOIN coperture AS c ON c.chiave = o.chiave AND c.dal IS NOT DISTINCT FROM o.valida_dal
LEFT JOIN registro.chiave AS k
  ON k.comune = :comune AND k.tipo = 'edificio' AND k.chiave = o.chiave
WHERE coalesce(o.valida_dal, '-infinity')
  < coalesce(least(o.valida_al, c.coperto_dal), 'infinity');
ANALYZE voluti;
