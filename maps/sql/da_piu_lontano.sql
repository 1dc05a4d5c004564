-- A layer of large objects as it is kept for the zooms below 14; its name and kind of object
-- stand where the comments are (maps/tile.py).
-- Reads pubblico.disegno. May run any number of times.
-- Parameters: giorno, and in the grid of territorio/disegno.py the box of the square with its
-- margin (g_ovest, g_nord, g_est, g_sud), its corner (g_x, g_y), the unit of the square (g_unita)
-- and units for each of the grid (g_scala): what is smaller than a unit is left out.
SELECT ST_AsMVT(f, '/* strato */', 4096, 'geom', 'id')
FROM (
  -- Sheets have no class.
  SELECT t.id, nullif(t.classe, '') AS classe, t.testo,
    ST_SnapToGrid(ST_TransScale(
      ST_ForcePolygonCCW(ST_ClipByBox2D(
        ST_Simplify(t.geometria, :g_unita), ST_MakeEnvelope(:g_ovest, :g_nord, :g_est, :g_sud)
      )),
      -CAST(:g_x AS float), -CAST(:g_y AS float), :g_scala, :g_scala
    ), 1) AS geom
  FROM pubblico.disegno t
  WHERE t.tipo = '/* tipo */'
    -- The index of the large ones is apart.
    AND t.tipo IN ('foglio', 'zona_urbanistica', 'vincolo', 'area_pericolosita')
    AND t.geometria && ST_MakeEnvelope(:g_ovest, :g_nord, :g_est, :g_sud)
    AND t.valida_dal <= :giorno AND t.valida_al > :giorno
  OFFSET 0
) f
WHERE NOT ST_IsEmpty(f.geom)
