-- How many buildings stand in each part of the square: below zoom 14, where single ones would
-- be too many and too small. Reads pubblico.densita. May run any number of times.
-- Parameters: z, x, y, giorno, passo (how many bits a part is coarser than a square of zoom 16),
-- and the part's first and last column and row in squares of zoom 16 (x0, x1, y0, y1).
SELECT ST_AsMVT(f, 'conteggi', 4096, 'geom', 'id')
FROM (
  SELECT c.cx::bigint * 65536 + c.cy AS id, c.edifici, c.edifici::text AS testo,
    ST_AsMVTGeom(
      ST_Centroid(ST_TileEnvelope(16 - CAST(:passo AS integer), c.cx, c.cy)),
      ST_TileEnvelope(CAST(:z AS int), CAST(:x AS int), CAST(:y AS int)), 4096, 0, true
    ) AS geom
  FROM (
    SELECT d.x >> CAST(:passo AS integer) AS cx, d.y >> CAST(:passo AS integer) AS cy,
      sum(d.delta)::integer AS edifici
    FROM pubblico.densita d
    WHERE d.x BETWEEN :x0 AND :x1 AND d.y BETWEEN :y0 AND :y1 AND d.giorno <= :giorno
    GROUP BY 1, 2
  ) c
  WHERE c.edifici > 0
  OFFSET 0
) f
WHERE f.geom IS NOT NULL
