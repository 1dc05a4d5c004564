-- Propose for each resident what its household was given.
-- Reads attesi (nucleo_unita), residenze; writes candidati.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT r.soggetto, n.a, r.periodo * n.periodo, n.metodo, 0, n.forniture,
  n.evidenza - '{alternative,forniture,fonti}'::text[]
FROM (
  SELECT soggetto, nucleo, unnest(range_agg(periodo)) AS periodo
  FROM pg_temp.residenze GROUP BY soggetto, nucleo
) AS r
JOIN pg_temp.attesi AS n ON n.da = r.nucleo AND n.periodo && r.periodo
WHERE n.tipo = 'nucleo_unita';
