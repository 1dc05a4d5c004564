-- House numbers that lead into no building: the officer's queue of fonti.md §2.4.
-- Reads registro.civico, edificio, legame, comune. Parameters: comune.
--
-- The reason is the distance to the nearest building; nothing is said of a municipality
-- whose buildings nobody has delivered. The few numbers without a link are found first:
-- the nearest building is looked for only there.
WITH edifici AS (
  SELECT geometria
  FROM registro.edificio
  WHERE comune = :comune AND nota_fino IS NULL AND valida_al IS NULL AND geometria IS NOT NULL
),
soli AS MATERIALIZED (
  SELECT c.id, c.fornitura, c.geometria, m.utm
  FROM registro.civico AS c
  JOIN registro.comune AS m ON m.comune = c.comune
  WHERE c.comune = :comune AND c.nota_fino IS NULL AND c.valida_al IS NULL
    AND c.id NOT IN (
      SELECT l.da
      FROM registro.legame AS l
      WHERE l.comune = :comune AND l.tipo = 'civico_edificio'
        AND l.nota_fino IS NULL AND l.valida_al IS NULL AND l.stato <> 'rifiutato'
    )
)
SELECT c.id AS oggetto, c.fornitura,
  'civico senza edificio' AS tipo,
  CASE WHEN c.geometria IS NULL THEN 'il numero civico non ha posizione'
    ELSE 'nessun edificio entro 10 metri né sulla sua particella; il più vicino è a '
      -- Just beyond ten metres «10 m» would read as if it were within.
      || CASE WHEN vicino.metri < 11
        THEN replace(to_char(vicino.metri, 'FM90.00'), '.', ',')
        ELSE round(vicino.metri)::text END
      || ' m'
  END AS motivo,
  jsonb_strip_nulls(jsonb_build_object('metri', vicino.metri::text)) AS dati
FROM soli AS c
LEFT JOIN LATERAL (
  SELECT round(
    ST_Distance(ST_Transform(e.geometria, c.utm), ST_Transform(c.geometria, c.utm))::numeric, 2
  ) AS metri
  FROM edifici AS e
  ORDER BY e.geometria <-> c.geometria
  LIMIT 1
) AS vicino ON true
WHERE (c.geometria IS NULL OR vicino.metri IS NOT NULL)
  AND EXISTS (
    SELECT FROM registro.edificio AS e WHERE e.comune = :comune AND e.nota_fino IS NULL
  )
ORDER BY c.id;
