-- Pass the lowest number of a person along its confirmed links, one step; run until it
-- changes nothing. Reads attesi (stesso_soggetto); writes persone.

WITH divisi AS MATERIALIZED (
  SELECT l.da, l.a, least(x.persona, y.persona) AS persona
  FROM pg_temp.attesi AS l
  JOIN pg_temp.persone AS x ON x.soggetto = l.da
  JOIN pg_temp.persone AS y ON y.soggetto = l.a
  WHERE l.tipo = 'stesso_soggetto' AND l.stato = 'confermato' AND x.persona <> y.persona
)
UPDATE pg_temp.persone AS p
SET persona = v.persona
FROM (
  SELECT soggetto, min(persona) AS persona
  FROM divisi CROSS JOIN LATERAL (VALUES (da), (a)) AS c (soggetto)
  GROUP BY soggetto
) AS v
WHERE v.soggetto = p.soggetto AND v.persona < p.persona;
