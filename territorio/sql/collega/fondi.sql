-- Join what is one link: pieces that touch or overlap and say the same become one row,
-- whose evidence names every delivery it rests on. Then compare with what is in knowledge.
-- Reads pezzi, giudicati, registro.legame, registro.fornitura; writes attesi, da_chiudere.
-- Parameters: comune, tipo.

INSERT INTO pg_temp.attesi
  (tipo, da, a, periodo, metodo, punteggio, stato, misura, quota, evidenza, forniture, impronta,
    umano, nuovo)
WITH uguali AS (
  SELECT da, a, metodo, punteggio, stato, misura, quota, valori, range_agg(periodo) AS periodi,
    min(forniture) AS forniture, min(forniture) <> max(forniture) AS miste
  FROM pg_temp.pezzi
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
  JOIN pg_temp.pezzi AS p ON p.da = i.da AND p.a = i.a AND p.metodo = i.metodo
    AND p.valori = i.valori AND p.punteggio = i.punteggio AND p.stato = i.stato
    AND p.misura IS NOT DISTINCT FROM i.misura AND p.quota IS NOT DISTINCT FROM i.quota
    AND p.periodo <@ i.periodo
  CROSS JOIN LATERAL unnest(p.forniture) AS f (numero)
  WHERE i.miste
  GROUP BY i.n
),
intere AS (
  SELECT i.da, i.a, i.periodo, i.metodo, i.punteggio, i.stato, i.misura, i.quota, i.valori,
    coalesce(r.forniture, i.forniture) AS forniture
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
),
note AS (
  SELECT da, a, hash_record_extended(
    ROW(daterange(valida_dal, valida_al), metodo, punteggio, stato, misura, quota, evidenza), 0
  ) AS impronta
  FROM registro.legame
  WHERE comune = :comune AND tipo = :tipo AND autore = 'calcolo' AND nota_fino IS NULL
)
SELECT :tipo, f.da, f.a, f.periodo, f.metodo, f.punteggio, f.stato, f.misura, f.quota, f.evidenza,
  f.forniture, f.impronta, false, n.da IS NULL
FROM firmate AS f LEFT JOIN note AS n USING (da, a, impronta)
UNION ALL
SELECT tipo, da, a, periodo, metodo, punteggio, stato, misura, quota, evidenza, forniture, NULL,
  true, false
FROM pg_temp.giudicati
WHERE tipo = :tipo AND stato = 'confermato';

-- Not the other columns: sampling arrays and documents takes longer than the joins it would help.
ANALYZE pg_temp.attesi (tipo, da, a, stato);

INSERT INTO pg_temp.da_chiudere (versione, tipo)
SELECT l.versione, l.tipo
FROM registro.legame AS l
WHERE l.comune = :comune AND l.tipo = :tipo AND l.autore = 'calcolo' AND l.nota_fino IS NULL
  AND NOT EXISTS (
    SELECT FROM pg_temp.attesi AS t
    WHERE t.tipo = :tipo AND NOT t.umano AND t.da = l.da AND t.a = l.a
      AND t.impronta = hash_record_extended(
        ROW(
          daterange(l.valida_dal, l.valida_al), l.metodo, l.punteggio, l.stato, l.misura, l.quota,
          l.evidenza
        ), 0
      )
  );

TRUNCATE pg_temp.candidati, pg_temp.pezzi;
