-- A square of a collection of areas. What stands in comments is put there by
-- opendata/ogc/tasselli.py: layer, table, properties, how degrees are turned into units of the
-- square, and conditions that not every square has.
-- Reads a published table. May run any number of times.
-- Parameters: primo and ultimo (days asked about), unita (to a side), the box of the square with
-- its margin (ovest, sud, est, nord), its west and north without (ovest0, nord0) and units to a
-- degree (scala_x, scala_y), or the same in metres of EPSG:3857 (x0, y0, scala); passo (degrees to
-- a unit); quanti (how many at most, the largest first).
-- ST_AsMVTGeom would also mend what the rounding makes touch itself, which no renderer minds, at
-- four times the cost of all the rest. What the rounding makes vanish is drawn as one unit.
SELECT ST_AsMVT(f, '/* strato */', CAST(:unita AS integer), 'geom', 'id'), count(*)
FROM (
  SELECT d.id/* nomi */,
    CASE WHEN coalesce(ST_IsEmpty(d.forma), true) THEN
      -- Rings turn the other way where y goes down.
      ST_Reverse(ST_MakeEnvelope(
        floor(ST_XMin(d.girata)), floor(ST_YMin(d.girata)),
        floor(ST_XMin(d.girata)) + 1, floor(ST_YMin(d.girata)) + 1
      )) ELSE d.forma END AS geom
  FROM (
    SELECT c.*, ST_SnapToGrid(c.girata, 1) AS forma
    FROM (
      SELECT b.*, /* girata */ AS girata
      FROM (
        SELECT/* primi */ t.id/* campi */,
          -- Most lie inside as they are: clipping those too would take a third of the time.
          CASE WHEN t.geometria @ ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
            THEN t.geometria
            ELSE coalesce(
              ST_ClipByBox2D(t.geometria, ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)),
              t.geometria
            ) END AS dentro
        FROM pubblico./* tavola */ t
        WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
          AND t.dal <= CAST(:ultimo AS date) AND t.al > CAST(:primo AS date)
          /* condizioni */
        /* ordine */
        OFFSET 0
      ) b
      WHERE NOT ST_IsEmpty(b.dentro)
      OFFSET 0
    ) c
    OFFSET 0
  ) d
  OFFSET 0
) f
