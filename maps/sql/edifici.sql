-- Buildings, each by its class.
-- Reads pubblico.edificio. May run any number of times.
-- Parameters: z, x, y, giorno, and the box of the square with its margin (ovest, sud, est, nord).
-- EPSG:6706 is read as 4326 (the null transformation): from there to 3857 costs a fifth.
SELECT ST_AsMVT(f, 'edifici', 4096, 'geom', 'id')
FROM (
  SELECT q.id, q.classe,
    ST_AsMVTGeom(
      ST_Transform(ST_SetSRID(q.geometria, 4326), 3857),
      ST_TileEnvelope(:z, :x, :y), 4096, 64, true
    ) AS geom
  FROM (
    SELECT DISTINCT ON (t.id) t.id, t.geometria, t.classe
    FROM pubblico.edificio t
    WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
      AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
      AND (t.valida_al IS NULL OR t.valida_al > :giorno)
      AND t.stato IS DISTINCT FROM 'cessato'
      AND (t.fonte = 'ufficio' OR NOT EXISTS (
        SELECT FROM pubblico.edificio u
        WHERE u.comune = t.comune AND u.id = t.id AND u.fonte = 'ufficio'
          AND (u.valida_dal IS NULL OR u.valida_dal <= :giorno)
          AND (u.valida_al IS NULL OR u.valida_al > :giorno)
      ))
    ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.provvisorio, t.fonte
  ) q
  OFFSET 0
) f
WHERE f.geom IS NOT NULL
