-- Writes anew how many buildings of one municipality came and went on each day, by square of
-- zoom 16. Reads registro.edificio as known now; writes registro.densita. May run twice.
-- A building counts once, from the first day any source has it to the last.
-- Parameter: comune.
DELETE FROM registro.densita WHERE comune = :comune;

INSERT INTO registro.densita (comune, x, y, giorno, delta)
SELECT :comune, p.x, p.y, g.giorno, sum(g.delta)
FROM (
  SELECT t.id,
    min(coalesce(t.valida_dal, '0001-01-01')) AS dal,
    least(CASE WHEN bool_and(t.valida_al IS NOT NULL) THEN max(t.valida_al) END,
      min(u.cessato)) AS al,
    (array_agg(ST_Centroid(ST_Envelope(t.geometria)) ORDER BY t.versione)
      FILTER (WHERE t.geometria IS NOT NULL))[1] AS punto
  FROM registro.edificio t
  LEFT JOIN (
    SELECT c.id, min(coalesce(c.valida_dal, '0001-01-01')) AS cessato
    FROM registro.edificio c
    WHERE c.comune = :comune AND c.nota_fino IS NULL AND c.fonte = 'ufficio'
      AND c.stato = 'cessato' AND c.valida_al IS NULL
    GROUP BY c.id
  ) u ON u.id = t.id
  WHERE t.comune = :comune AND t.nota_fino IS NULL AND t.stato IS DISTINCT FROM 'cessato'
  GROUP BY t.id
) e
CROSS JOIN LATERAL (
  SELECT floor((ST_X(e.punto) + 180) / 360 * 65536)::integer AS x,
    floor((1 - ln(tan(radians(ST_Y(e.punto))) + 1 / cos(radians(ST_Y(e.punto)))) / pi())
      / 2 * 65536)::integer AS y
) p
CROSS JOIN LATERAL (VALUES (e.dal, 1), (e.al, -1)) AS g(giorno, delta)
WHERE e.punto IS NOT NULL AND g.giorno IS NOT NULL
GROUP BY p.x, p.y, g.giorno
HAVING sum(g.delta) <> 0;

ANALYZE registro.densita
