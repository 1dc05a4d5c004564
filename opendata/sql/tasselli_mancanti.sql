-- The squares of a zoom that something of a collection touches on a day and that the store has
-- not. Reads a published table (its name stands where the comment is) and pubblico.tassello.
-- May run any number of times. Parameters: collezione, z, giorno.
SELECT DISTINCT c.x, r.y
FROM pubblico./* tavola */ t
CROSS JOIN LATERAL (SELECT 2.0 ^ CAST(:z AS integer) AS lato) n
CROSS JOIN LATERAL generate_series(
  CAST(floor(pubblico.parte_est(ST_XMin(t.geometria)) * n.lato) AS integer),
  CAST(floor(pubblico.parte_est(ST_XMax(t.geometria)) * n.lato) AS integer)
) AS c (x)
CROSS JOIN LATERAL generate_series(
  CAST(floor(pubblico.parte_sud(ST_YMax(t.geometria)) * n.lato) AS integer),
  CAST(floor(pubblico.parte_sud(ST_YMin(t.geometria)) * n.lato) AS integer)
) AS r (y)
WHERE t.dal <= :giorno AND t.al > :giorno AND NOT ST_IsEmpty(t.geometria)
  AND NOT EXISTS (
    SELECT FROM pubblico.tassello k
    WHERE k.collezione = :collezione AND k.z = :z AND k.x = c.x AND k.y = r.y
  )
