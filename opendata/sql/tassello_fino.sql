-- The next day after another on which something in a square begins or ends.
-- Reads a published table (its name stands where the comment is). May run any number of times.
-- Parameters: ultimo (the day), and the box of the square with its margin (ovest, sud, est, nord).
SELECT CAST(coalesce(min(g.giorno), 'infinity') AS text)
FROM pubblico./* tavola */ t
CROSS JOIN LATERAL (VALUES (t.dal), (t.al)) AS g (giorno)
WHERE t.geometria && ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706)
  AND g.giorno > CAST(:ultimo AS date)
