-- Buildings whose footprint leaves the cadastral drawing by more than the drawing can err.
-- Reads registro.edificio, registro.fabbricato. Parameters: comune.
--
-- What is left of the footprint outside every fabbricato, shrunk by 1 m on each side: a
-- drawing that lies a metre off leaves nothing, an added room does. The map is in degrees,
-- so the metre is taken in the municipality's own zone.
-- MATERIALIZED: else the planner writes the union out wherever it is named.
WITH misurati AS MATERIALIZED (
  SELECT e.id, e.fornitura, e.area_mq,
    ST_Transform(e.geometria, c.utm) AS sagoma,
    (
      SELECT ST_Union(ST_Transform(f.geometria, c.utm))
      FROM registro.fabbricato AS f
      WHERE f.comune = :comune AND f.nota_fino IS NULL AND f.valida_al IS NULL
        AND ST_Intersects(f.geometria, e.geometria)
    ) AS mappa
  FROM registro.edificio AS e
  JOIN registro.comune AS c ON c.comune = e.comune
  WHERE e.comune = :comune AND e.nota_fino IS NULL AND e.valida_al IS NULL
    AND NOT e.provvisorio
),
fuori AS MATERIALIZED (
  SELECT id, fornitura, area_mq, ST_Area(sagoma) AS area, ST_Difference(sagoma, mappa) AS resto
  FROM misurati
)
SELECT id AS oggetto, fornitura,
  CASE WHEN assente
    THEN 'edificio non presente nella mappa catastale'
    ELSE 'ampliamento non dichiarato'
  END AS tipo,
  CASE WHEN assente
    THEN 'sul terreno ' || round(area_mq) || ' m², nella mappa catastale nessun fabbricato'
    ELSE round(ST_Area(resto)::numeric) || ' m² di edificio fuori dal fabbricato in mappa'
  END AS motivo,
  jsonb_build_object(
    'mq', round(CASE WHEN assente THEN area_mq ELSE ST_Area(resto)::numeric END)::text
  ) AS dati
FROM fuori
-- A wall in common is no drawing of the building.
CROSS JOIN LATERAL (SELECT resto IS NULL OR ST_Area(resto) >= 0.9 * area) AS a (assente)
WHERE assente AND area_mq >= 12
  OR NOT assente AND ST_Area(ST_Buffer(resto, -1.0, 'join=mitre')) >= 2
ORDER BY id;
