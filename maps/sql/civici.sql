-- House numbers, each a point with its label: from zoom 16.
-- Reads pubblico.civico. May run any number of times.
-- Parameters: z, x, y, giorno, and the box of the square with its margin (ovest, sud, est, nord).
SELECT ST_AsMVT(f, 'civici', 4096, 'geom', 'id')
FROM (
  SELECT q.id, concat(q.numero, '/' || nullif(q.esponente, '')) AS testo,
    ST_AsMVTGeom(
      ST_Transform(ST_SetSRID(q.geometria, 4326), 3857),
      ST_TileEnvelope(CAST(:z AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 64, true
    ) AS geom
  FROM (
    SELECT DISTINCT ON (t.id) t.id, t.geometria, t.numero, t.esponente
    FROM pubblico.civico t
    WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
      AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
      AND (t.valida_al IS NULL OR t.valida_al > :giorno)
    ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.fonte
  ) q
  OFFSET 0
) f
WHERE f.geom IS NOT NULL
