-- Where the map opens: the box of all buildings, and the square of zoom 16 with most of them.
-- Reads pubblico.densita; where no building is known, pubblico.confine for the box.
-- May run any number of times. Parameter: giorno.
WITH quadrati AS (
  SELECT d.x, d.y, sum(d.delta) AS edifici
  FROM pubblico.densita d
  WHERE d.giorno <= :giorno
  GROUP BY d.x, d.y
  HAVING sum(d.delta) > 0
), folto AS (
  SELECT ST_Centroid(ST_Transform(ST_TileEnvelope(16, x, y), 4326)) AS punto
  FROM quadrati ORDER BY edifici DESC, x, y LIMIT 1
), riquadro AS (
  SELECT coalesce(
    (
      SELECT ST_Transform(ST_Union(
        ST_TileEnvelope(16, min(x), min(y)), ST_TileEnvelope(16, max(x), max(y))
      ), 4326) FROM quadrati
    ),
    (SELECT ST_SetSRID(ST_Extent(c.geometria)::geometry, 4326) FROM pubblico.confine c)
  ) AS geometria
)
SELECT ST_XMin(r.geometria) AS ovest, ST_YMin(r.geometria) AS sud,
  ST_XMax(r.geometria) AS est, ST_YMax(r.geometria) AS nord,
  (SELECT ST_X(punto) FROM folto) AS lon, (SELECT ST_Y(punto) FROM folto) AS lat
FROM riquadro r
WHERE r.geometria IS NOT NULL
