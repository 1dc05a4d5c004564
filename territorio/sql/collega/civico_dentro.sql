-- Propose what a house number stands in or near, in one layer.
-- Reads civici, aree; writes candidati. Parameters: sotto (layer), metri (0: inside only),
-- margine (metres by which no drawing tells two outlines apart), utm (the zone the
-- municipality measures in).
--
-- Inside first, then the nearest within so many metres; a point in the middle of a narrow
-- street does not tell on which side it belongs. The distance is looked for only
-- where no outline holds the point all the time; 1 metre of latitude is 1/111,000 of a
-- degree, and the box is wide enough for the longitudes of Italy (1/72,000 at 47° north).

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, misura, forniture, valori)
SELECT c.id, t.id, c.periodo * t.periodo, 'dentro', 0, 0, ARRAY[c.fornitura, t.fornitura],
  '{"distanza_m": 0}'
FROM pg_temp.civici AS c
JOIN pg_temp.aree AS t
  ON t.strato = :sotto AND ST_Intersects(t.geometria, c.geometria) AND t.periodo && c.periodo;

ANALYZE pg_temp.candidati (da, a);

INSERT INTO pg_temp.candidati
  (da, a, periodo, metodo, scelta, ordine, margine, peso, misura, forniture, valori)
WITH scoperti AS MATERIALIZED (
  SELECT c.* FROM pg_temp.civici AS c
  LEFT JOIN (
    SELECT da, range_agg(periodo) AS periodi FROM pg_temp.candidati GROUP BY da
  ) AS dentro ON dentro.da = c.id
  WHERE :metri > 0 AND (dentro.da IS NULL OR NOT dentro.periodi @> c.periodo)
)
SELECT da, a, periodo, 'vicino', 0, metri, :margine, 1 / (1 + metri), metri, forniture,
  jsonb_build_object('distanza_m', metri)
FROM (
  SELECT c.id AS da, t.id AS a, c.periodo * t.periodo AS periodo,
    ARRAY[c.fornitura, t.fornitura] AS forniture, round(
      ST_Distance(ST_Transform(c.geometria, :utm), ST_Transform(t.geometria, :utm))::numeric, 2
    ) AS metri
  FROM scoperti AS c
  JOIN pg_temp.aree AS t
    ON t.strato = :sotto AND t.periodo && c.periodo
    AND t.geometria && ST_Expand(c.geometria, :metri / 72000.0, :metri / 110000.0)
    -- Not by the distance: a hair beyond the outline it is 0 in centimetres.
    AND NOT ST_Intersects(t.geometria, c.geometria)
  -- A fence: without it the planner writes the distance out wherever metri is named.
  OFFSET 0
) AS vicini
WHERE metri <= :metri;
