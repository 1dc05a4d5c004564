-- Hazard areas.
-- Reads pubblico.area_pericolosita. May run any number of times.
-- Parameters: z, x, y, giorno, and the box of the square with its margin (ovest, sud, est, nord).
-- EPSG:6706 is read as 4326 (the null transformation): from there to 3857 costs a fifth.
SELECT ST_AsMVT(f, 'aree_pericolosita', 4096, 'geom', 'id')
FROM (
  SELECT q.id, q.disegno AS classe,
    ST_AsMVTGeom(
      ST_Transform(ST_SetSRID(
        ST_Simplify(q.geometria, 90.0 / 2 ^ CAST(:z AS integer) / 1024), 4326
      ), 3857),
      ST_TileEnvelope(CAST(:z AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 64, true
    ) AS geom
  FROM (
    SELECT DISTINCT ON (t.id) t.id, t.geometria, t.disegno
    FROM pubblico.area_pericolosita t
    WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
      AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
      AND (t.valida_al IS NULL OR t.valida_al > :giorno)
    ORDER BY t.id, t.fonte
  ) q
  OFFSET 0
) f
WHERE f.geom IS NOT NULL
