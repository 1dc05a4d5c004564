-- Choose among the candidates of a kind of link: the best rung wins on each day; who is
-- left alone is taken as the scale says, who must share is only proposed.
-- Reads candidati, scala, giudicati; writes pezzi. Parameters: tipo.
--
-- What a person rejected or confirmed is not computed again; what a person confirmed wins
-- over every candidate of the same choice (rung 0), and is left out of the result.

INSERT INTO pg_temp.pezzi
  (da, a, periodo, metodo, punteggio, stato, misura, quota, forniture, valori)
WITH liberi AS (
  SELECT c.da, c.a, resto.periodo, c.metodo, c.scelta, c.gruppo, c.ordine, c.peso, c.misura,
    c.quota, c.forniture, c.valori, s.rango, s.punteggio, s.stato
  FROM pg_temp.candidati AS c
  JOIN pg_temp.scala AS s ON s.tipo = :tipo AND s.metodo = c.metodo
  CROSS JOIN LATERAL (
    SELECT unnest(datemultirange(c.periodo) - range_agg(g.periodo)) AS periodo
    FROM pg_temp.giudicati AS g WHERE g.tipo = :tipo AND g.da = c.da AND g.a = c.a
    HAVING count(*) > 0
    UNION ALL
    SELECT c.periodo
    WHERE NOT EXISTS (
      SELECT FROM pg_temp.giudicati AS g WHERE g.tipo = :tipo AND g.da = c.da AND g.a = c.a
    )
  ) AS resto
),
con_giudizi AS (
  SELECT * FROM liberi
  UNION ALL
  SELECT g.da, g.a, g.periodo, 'giudizio', c.scelta, 0, 0, 1, NULL, NULL, '{}', '{}', 0, 1,
    'confermato'
  FROM pg_temp.giudicati AS g
  JOIN (SELECT DISTINCT da, scelta FROM liberi) AS c ON c.da = g.da
  WHERE g.tipo = :tipo AND g.stato = 'confermato' AND c.scelta = 0
),
contati AS (
  SELECT *, CASE WHEN scelta IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY da, scelta) END
    AS contendenti
  FROM con_giudizi
),
contesi AS (
  SELECT *, coalesce(lower(periodo), '-infinity') AS dal, coalesce(upper(periodo), 'infinity') AS al
  FROM contati WHERE contendenti > 1
),
giorni AS (
  SELECT da, scelta, dal AS giorno FROM contesi
  UNION
  SELECT da, scelta, al FROM contesi
),
tratti AS (
  SELECT da, scelta, giorno AS dal,
    lead(giorno) OVER (PARTITION BY da, scelta ORDER BY giorno) AS al
  FROM giorni
),
-- Days on which nothing changes: who is best, counted once even if said twice.
migliori AS (
  SELECT DISTINCT ON (da, scelta, tratto_dal, gruppo, a) *
  FROM (
    SELECT c.*, t.dal AS tratto_dal, t.al AS tratto_al,
      rank() OVER (PARTITION BY c.da, c.scelta, t.dal ORDER BY c.rango, c.ordine) AS posto
    FROM tratti AS t
    JOIN contesi AS c ON c.da = t.da AND c.scelta = t.scelta AND c.dal <= t.dal AND c.al >= t.al
  ) AS ordinati
  WHERE posto = 1
  ORDER BY da, scelta, tratto_dal, gruppo, a, forniture, valori
),
pesati AS (
  SELECT *, count(*) OVER w AS quanti, sum(peso) OVER w AS totale
  FROM migliori
  WINDOW w AS (PARTITION BY da, scelta, tratto_dal, gruppo)
)
SELECT da, a, periodo, metodo, punteggio, stato, misura, quota, forniture, valori
FROM contati
WHERE contendenti = 1 AND rango > 0
UNION ALL
SELECT da, a, daterange(nullif(tratto_dal, '-infinity'), nullif(tratto_al, 'infinity')), metodo,
  CASE WHEN quanti = 1 THEN punteggio ELSE round((punteggio * peso / totale)::numeric, 3) END,
  CASE WHEN quanti = 1 THEN stato ELSE 'proposto' END, misura, quota, forniture,
  CASE WHEN quanti = 1 THEN valori ELSE valori || jsonb_build_object('alternative', quanti) END
FROM pesati
WHERE rango > 0;
