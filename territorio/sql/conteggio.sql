-- Adds what is published of some objects of a collection to the counts by square of zoom 16, or
-- takes it away. Reads pubblico.<collezione> (its name stands where the comments are:
-- territorio/tassello.py); writes pubblico.conteggio. Not to be run twice.
-- Parameters: collezione, comune; oggetti (their identities; null for all of the municipality);
-- segno (1 to add, -1 to take away).
INSERT INTO pubblico.conteggio AS c (comune, collezione, x, y, giorno, delta)
SELECT t.comune, :collezione, p.x, p.y, g.giorno, CAST(:segno AS integer) * sum(g.delta)
FROM pubblico./* tavola */ t
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(t.geometria)) AS punto) m
CROSS JOIN LATERAL (
  SELECT floor(pubblico.parte_est(ST_X(m.punto)) * 65536)::integer AS x,
    floor(pubblico.parte_sud(ST_Y(m.punto)) * 65536)::integer AS y
) p
CROSS JOIN LATERAL (VALUES (t.dal, 1), (t.al, -1)) AS g (giorno, delta)
WHERE t.comune = :comune AND NOT ST_IsEmpty(t.geometria) AND g.giorno < 'infinity'
  AND (CAST(:oggetti AS bigint[]) IS NULL OR t.id = ANY (CAST(:oggetti AS bigint[])))
GROUP BY t.comune, p.x, p.y, g.giorno
HAVING sum(g.delta) <> 0
ON CONFLICT (collezione, x, y, comune, giorno) DO UPDATE SET delta = c.delta + excluded.delta
