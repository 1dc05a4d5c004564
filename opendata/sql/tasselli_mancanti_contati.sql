-- The squares of a zoom in which something of a collection is counted on a day and that the store
-- has not. Those that only the edge of an object reaches are drawn when they are asked for.
-- Reads pubblico.conteggio, pubblico.tassello. May run any number of times.
-- Parameters: collezione, z, giorno.
SELECT v.x, v.y
FROM (
  SELECT d.x >> (16 - CAST(:z AS integer)) AS x, d.y >> (16 - CAST(:z AS integer)) AS y
  FROM pubblico.conteggio d
  WHERE d.collezione = :collezione AND d.giorno <= :giorno
  GROUP BY 1, 2
  HAVING sum(d.delta) > 0
) v
WHERE NOT EXISTS (
  SELECT FROM pubblico.tassello k
  WHERE k.collezione = :collezione AND k.z = :z AND k.x = v.x AND k.y = v.y
)
