-- Numbers of the parcels: from zoom 16. One point inside each, only in the square
-- that holds it: what is cut by the edge of a square is labelled once.
-- Reads pubblico.particella. May run any number of times.
-- Parameters: z, x, y, giorno, and the box of the square with its margin (ovest, sud, est, nord).
SELECT ST_AsMVT(f, 'particelle_punti', 4096, 'geom', 'id')
FROM (
  SELECT q.id, concat(q.numero, '/' || nullif(q.denominatore, '')) AS testo,
    ST_AsMVTGeom(
      ST_Transform(ST_SetSRID(q.punto, 4326), 3857),
      ST_TileEnvelope(CAST(:z AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 64, true
    ) AS geom
  FROM (
    SELECT DISTINCT ON (t.id) t.*, ST_PointOnSurface(t.geometria) AS punto
    FROM pubblico.particella t
    WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
      AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
      AND (t.valida_al IS NULL OR t.valida_al > :giorno)
      AND t.classe = 'particella'
    ORDER BY t.id, t.fonte
  ) q
  WHERE ST_X(q.punto) >= :ovest0 AND ST_X(q.punto) < :est0
    AND ST_Y(q.punto) >= :sud0 AND ST_Y(q.punto) < :nord0
  OFFSET 0
) f
WHERE f.geom IS NOT NULL
