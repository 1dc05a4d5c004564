-- A square of a collection of points. What stands in comments is put there by
-- opendata/ogc/tasselli.py. Reads a published table. May run any number of times.
-- Parameters: as in tassello_area.sql.
SELECT ST_AsMVT(f, '/* strato */', CAST(:unita AS integer), 'geom', 'id'), count(*)
FROM (
  SELECT t.id/* campi */,
    ST_SnapToGrid(ST_TransScale(
      t.geometria, -CAST(:ovest0 AS float), -CAST(:nord0 AS float), :scala_x, -CAST(:scala_y AS float)
    ), 1) AS geom
  FROM pubblico./* tavola */ t
  WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
    AND t.dal <= CAST(:ultimo AS date) AND t.al > CAST(:primo AS date)
    /* condizioni */
  /* ordine */
  OFFSET 0
) f
