-- Give every subject the number of its person: the subjects that confirmed links make one.
-- Reads soggetti, attesi (stesso_soggetto); makes persone.
--
-- The lowest number of those directly linked: where all pairs are linked, as computed ones
-- are, that is already the end.

CREATE TEMPORARY TABLE persone ON COMMIT DROP AS
SELECT s.soggetto, coalesce(l.persona, s.soggetto) AS persona
FROM (SELECT DISTINCT id AS soggetto FROM pg_temp.soggetti) AS s
LEFT JOIN (
  SELECT a AS soggetto, min(da) AS persona
  FROM pg_temp.attesi WHERE tipo = 'stesso_soggetto' AND stato = 'confermato' GROUP BY a
) AS l USING (soggetto);
CREATE UNIQUE INDEX ON pg_temp.persone (soggetto);
ANALYZE pg_temp.persone;
