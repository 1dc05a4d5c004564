-- Pass the lowest number of a person along its confirmed links, one step; run until it
-- changes nothing. Reads attesi (stesso_soggetto); writes persone.

UPDATE pg_temp.persone AS p
SET persona = v.persona
FROM (
  SELECT l.soggetto, min(q.persona) AS persona
  FROM (
    SELECT da AS soggetto, a AS altro FROM pg_temp.attesi
    WHERE tipo = 'stesso_soggetto' AND stato = 'confermato'
    UNION ALL
    SELECT a, da FROM pg_temp.attesi WHERE tipo = 'stesso_soggetto' AND stato = 'confermato'
  ) AS l
  JOIN pg_temp.persone AS q ON q.soggetto = l.altro
  GROUP BY l.soggetto
) AS v
WHERE v.soggetto = p.soggetto AND v.persona < p.persona;
