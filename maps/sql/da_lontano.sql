-- A layer of many small objects as it is kept for zooms 14 and 15; its name and kind of object
-- stand where the comments are (maps/tile.py).
-- Reads pubblico.disegno. May run any number of times.
-- Parameters: giorno, unita (to a side: a square from afar is drawn less finely, which weighs
-- less), and in the grid of territorio/disegno.py the box of the square with its margin (g_ovest,
-- g_nord, g_est, g_sud), half a unit before its corner (g_x, g_y), and g_scala, units for each of
-- the grid. AsMVT cuts off what is below the unit: with the half it rounds.
SELECT ST_AsMVT(f, '/* strato */', CAST(:unita AS integer), 'geom', 'id')
FROM (
  SELECT t.id, t.classe, t.testo,
    ST_TransScale(
      -- Most lie inside as they are: clipping those too would take a third of the time.
      CASE WHEN t.geometria @ ST_MakeEnvelope(:g_ovest, :g_nord, :g_est, :g_sud) THEN t.geometria
        ELSE ST_ForcePolygonCCW(
          ST_ClipByBox2D(t.geometria, ST_MakeEnvelope(:g_ovest, :g_nord, :g_est, :g_sud))
        ) END,
      -CAST(:g_x AS float), -CAST(:g_y AS float), :g_scala, :g_scala
    ) AS geom
  FROM pubblico.disegno t
  WHERE t.tipo = '/* tipo */'
    AND t.geometria && ST_MakeEnvelope(:g_ovest, :g_nord, :g_est, :g_sud)
    AND t.valida_dal <= :giorno AND t.valida_al > :giorno
  OFFSET 0
) f
WHERE NOT ST_IsEmpty(f.geom)
