-- The next day after another on which the counts of a square change.
-- Reads pubblico.conteggio. May run any number of times.
-- Parameters: ultimo (the day), collezione, and the square's first and last column and row in
-- squares of zoom 16 (c0, c1, r0, r1).
SELECT CAST(coalesce(min(d.giorno), 'infinity') AS text)
FROM pubblico.conteggio d
WHERE d.collezione = :collezione AND d.x BETWEEN :c0 AND :c1 AND d.y BETWEEN :r0 AND :r1
  AND d.giorno > CAST(:ultimo AS date)
