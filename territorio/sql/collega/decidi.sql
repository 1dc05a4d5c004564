-- Turn the candidates of a kind into links, and compare them with those in knowledge.
-- Reads candidati, scala, giudicati, registro.legame, registro.fornitura; writes attesi,
-- da_chiudere; empties candidati. Parameters: comune, tipo.
--
-- First the choice: the best rung wins on each day; who is left alone is taken as the scale
-- says, who must share is only proposed. Nearly all choices have one candidate: only the
-- others are cut into days. Then pieces that touch or overlap and say the same become one
-- row, whose evidence names every delivery it rests on.

CREATE TEMPORARY TABLE note ON COMMIT DROP AS
SELECT versione, da, a, hash_record_extended(
  ROW(daterange(valida_dal, valida_al), metodo, punteggio, stato, misura, quota, evidenza), 0
) AS impronta
FROM registro.legame
WHERE comune = :comune AND tipo = :tipo AND autore = 'calcolo' AND nota_fino IS NULL;
ANALYZE pg_temp.note;

INSERT INTO pg_temp.attesi
  (tipo, da, a, periodo, metodo, punteggio, stato, misura, quota, evidenza, forniture, impronta,
    umano, nuovo)
WITH contese AS (
  SELECT da, scelta FROM pg_temp.candidati WHERE scelta IS NOT NULL
  GROUP BY da, scelta HAVING count(*) > 1
),
contendenti AS (
  SELECT c.*, s.rango, s.punteggio, s.stato, coalesce(lower(c.periodo), '-infinity') AS dal,
    coalesce(upper(c.periodo), 'infinity') AS al
  FROM pg_temp.candidati AS c
  JOIN contese USING (da, scelta)
  JOIN pg_temp.scala AS s ON s.tipo = :tipo AND s.metodo = c.metodo
),
giorni AS (
  SELECT da, scelta, dal AS giorno FROM contendenti
  UNION
  SELECT da, scelta, al FROM contendenti
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
    SELECT *, min(ordine) OVER (PARTITION BY da, scelta, tratto_dal) AS primo
    FROM (
      SELECT c.*, t.dal AS tratto_dal, t.al AS tratto_al,
        rank() OVER (PARTITION BY c.da, c.scelta, t.dal ORDER BY c.rango) AS posto
      FROM tratti AS t
      JOIN contendenti AS c
        ON c.da = t.da AND c.scelta = t.scelta AND c.dal <= t.dal AND c.al >= t.al
    ) AS ordinati
    WHERE posto = 1
  ) AS primi
  WHERE ordine <= primo + margine
  ORDER BY da, scelta, tratto_dal, gruppo, a, forniture, valori
),
pesati AS (
  SELECT *, count(*) OVER w AS quanti, sum(peso) OVER w AS totale
  FROM migliori
  WINDOW w AS (PARTITION BY da, scelta, tratto_dal, gruppo)
),
pezzi AS MATERIALIZED (
  SELECT c.da, c.a, c.periodo, c.metodo, s.punteggio, s.stato, c.misura, c.quota, c.forniture,
    c.valori
  FROM pg_temp.candidati AS c
  JOIN pg_temp.scala AS s ON s.tipo = :tipo AND s.metodo = c.metodo
  LEFT JOIN contese USING (da, scelta)
  WHERE contese.da IS NULL AND s.rango > 0
  UNION ALL
  SELECT da, a, daterange(nullif(tratto_dal, '-infinity'), nullif(tratto_al, 'infinity')), metodo,
    CASE WHEN quanti = 1 THEN punteggio ELSE round((punteggio * peso / totale)::numeric, 3) END,
    CASE WHEN quanti = 1 THEN stato ELSE 'proposto' END, misura, quota, forniture,
    CASE WHEN quanti = 1 THEN valori ELSE valori || jsonb_build_object('alternative', quanti) END
  FROM pesati
  WHERE rango > 0
),
ripetuti AS (
  SELECT da, a FROM pezzi GROUP BY da, a HAVING count(*) > 1
),
multipli AS (SELECT * FROM pezzi JOIN ripetuti USING (da, a)),
uguali AS (
  SELECT da, a, metodo, punteggio, stato, misura, quota, valori, range_agg(periodo) AS periodi,
    min(forniture) AS forniture, min(forniture) <> max(forniture) AS miste
  FROM multipli
  GROUP BY da, a, metodo, punteggio, stato, misura, quota, valori
),
isole AS (
  SELECT u.*, row_number() OVER () AS n, isola.periodo
  FROM uguali AS u
  CROSS JOIN LATERAL unnest(u.periodi) AS isola (periodo)
),
riunite AS (
  SELECT i.n, array_agg(DISTINCT f.numero ORDER BY f.numero) AS forniture
  FROM isole AS i
  JOIN multipli AS p ON p.da = i.da AND p.a = i.a AND p.metodo = i.metodo
    AND p.valori = i.valori AND p.punteggio = i.punteggio AND p.stato = i.stato
    AND p.misura IS NOT DISTINCT FROM i.misura AND p.quota IS NOT DISTINCT FROM i.quota
    AND p.periodo <@ i.periodo
  CROSS JOIN LATERAL unnest(p.forniture) AS f (numero)
  WHERE i.miste
  GROUP BY i.n
),
intere AS (
  SELECT p.da, p.a, p.periodo, p.metodo, p.punteggio, p.stato, p.misura, p.quota, p.valori,
    p.forniture
  FROM pezzi AS p
  LEFT JOIN ripetuti USING (da, a)
  WHERE ripetuti.da IS NULL
  UNION ALL
  SELECT i.da, i.a, i.periodo, i.metodo, i.punteggio, i.stato, i.misura, i.quota, i.valori,
    coalesce(r.forniture, i.forniture)
  FROM isole AS i LEFT JOIN riunite AS r USING (n)
),
-- A few deliveries stand behind thousands of links: their description is made once.
prove AS MATERIALIZED (
  SELECT d.forniture, (
    SELECT jsonb_build_object(
      'forniture', jsonb_agg(DISTINCT n.numero),
      'fonti', coalesce(jsonb_agg(DISTINCT f.fonte) FILTER (WHERE f.fonte <> ''), '[]')
    )
    FROM unnest(d.forniture) AS n (numero)
    LEFT JOIN registro.fornitura AS f ON f.id = n.numero
  ) AS dettaglio
  FROM (SELECT DISTINCT forniture FROM intere) AS d
),
descritte AS (
  SELECT i.da, i.a, i.periodo, i.metodo, i.punteggio, i.stato, i.misura, i.quota,
    i.valori || p.dettaglio AS evidenza, i.forniture
  FROM intere AS i JOIN prove AS p USING (forniture)
),
firmate AS (
  SELECT *, hash_record_extended(
    ROW(periodo, metodo, punteggio, stato, misura, quota, evidenza), 0
  ) AS impronta
  FROM descritte
)
SELECT :tipo, f.da, f.a, f.periodo, f.metodo, f.punteggio, f.stato, f.misura, f.quota, f.evidenza,
  f.forniture, f.impronta, false, n.da IS NULL
FROM firmate AS f LEFT JOIN pg_temp.note AS n USING (da, a, impronta)
UNION ALL
SELECT tipo, da, a, periodo, metodo, punteggio, stato, misura, quota, evidenza, forniture, NULL,
  true, false
FROM pg_temp.giudicati
WHERE tipo = :tipo AND stato = 'confermato';

INSERT INTO pg_temp.da_chiudere (versione, tipo)
SELECT n.versione, :tipo
FROM pg_temp.note AS n
LEFT JOIN pg_temp.attesi AS t
  ON t.tipo = :tipo AND t.da = n.da AND t.a = n.a AND t.impronta = n.impronta
WHERE t.da IS NULL;

DROP TABLE pg_temp.note;
TRUNCATE pg_temp.candidati;
