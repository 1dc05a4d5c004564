-- Parcels, roads and waters of the cadastral map.
-- Reads pubblico.particella. May run any number of times.
-- Parameters: z, x, y, giorno, the box of the square with its margin (ovest, sud, est,
-- nord), its west and north without (ovest0, nord0), and units to a degree (scala_x, scala_y).
-- From zoom 16 the square is small enough that degrees are stretched to it in a straight line:
-- Mercator's curve is far less than a unit away. ST_AsMVTGeom would also mend what the
-- rounding makes touch itself, which no renderer minds, at four times the cost of all the rest.
SELECT ST_AsMVT(f, 'particelle', 4096, 'geom', 'id')
FROM (
  SELECT q.id, q.classe,
    ST_SnapToGrid(ST_TransScale(
      ST_ForcePolygonCW(
        -- Most lie inside as they are: clipping those too would take a third of the time.
        CASE WHEN q.geometria @ ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706) THEN q.geometria
          ELSE ST_ClipByBox2D(q.geometria, ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)) END
      ),
      -CAST(:ovest0 AS float), -CAST(:nord0 AS float), :scala_x, -CAST(:scala_y AS float)
    ), 1) AS geom
  FROM (
    SELECT DISTINCT ON (t.id) t.id, t.geometria, t.classe
    FROM pubblico.particella t
    WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
      AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
      AND (t.valida_al IS NULL OR t.valida_al > :giorno)
    ORDER BY t.id, t.fonte
  ) q
  OFFSET 0
) f
WHERE NOT ST_IsEmpty(f.geom)
