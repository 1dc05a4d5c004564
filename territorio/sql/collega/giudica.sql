-- Leave to people what people decided: a judged pair is no candidate on the days of the
-- judgement; a pair a person confirmed wins over every candidate of the same choice.
-- Reads giudicati; writes candidati. Parameters: tipo. Run only where there are judgements.

CREATE TEMPORARY TABLE giudicabili ON COMMIT DROP AS
SELECT c.*, g.periodi AS giudicati
FROM pg_temp.candidati AS c
JOIN (
  SELECT da, a, range_agg(periodo) AS periodi
  FROM pg_temp.giudicati WHERE tipo = :tipo GROUP BY da, a
) AS g ON g.da = c.da AND g.a = c.a AND g.periodi && c.periodo;

DELETE FROM pg_temp.candidati AS c
USING pg_temp.giudicabili AS g
WHERE c.da = g.da AND c.a = g.a AND c.periodo && g.giudicati;

INSERT INTO pg_temp.candidati
  (da, a, periodo, metodo, scelta, gruppo, ordine, margine, peso, misura, quota, forniture, valori)
SELECT da, a, resto.periodo, metodo, scelta, gruppo, ordine, margine, peso, misura, quota,
  forniture, valori
FROM pg_temp.giudicabili
CROSS JOIN LATERAL unnest(datemultirange(giudicabili.periodo) - giudicati) AS resto (periodo);

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture)
SELECT da, a, periodo, 'giudizio', 0, '{}'
FROM pg_temp.giudicati
WHERE tipo = :tipo AND stato = 'confermato';

DROP TABLE pg_temp.giudicabili;
