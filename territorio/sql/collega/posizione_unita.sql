-- Propose the unit of each tax position by the cadastral identifiers it declares.
-- Reads persone.posizione_imu, identificativi, unita, titoli, persone; writes candidati and
-- makes posizioni, titolari. Parameters: comune.
--
-- A taxpayer who holds a right on the unit makes the match stronger; identifiers the unit
-- had at another time are a hint (declarations are years old). Where the declaration leaves
-- out the subalterno, category and rendita choose among the units of the parcel.

CREATE TEMPORARY TABLE titolari ON COMMIT DROP AS
SELECT p.persona, t.unita, unnest(range_agg(t.periodo)) AS periodo, min(t.fornitura) AS fornitura
FROM pg_temp.titoli AS t JOIN pg_temp.persone AS p USING (soggetto)
GROUP BY p.persona, t.unita;
CREATE INDEX ON pg_temp.titolari (unita, persona);
CREATE INDEX ON pg_temp.titolari (persona);
ANALYZE pg_temp.titolari;

CREATE TEMPORARY TABLE posizioni ON COMMIT DROP AS
SELECT i.id, daterange(i.valida_dal, i.valida_al) AS periodo, p.persona, i.fornitura,
  coalesce(i.sezione, '') AS sezione, i.foglio, i.numero, coalesce(i.subalterno, '') AS subalterno,
  i.categoria, i.rendita, coalesce(i.indirizzo, '') AS indirizzo
FROM persone.posizione_imu AS i
LEFT JOIN pg_temp.persone AS p USING (soggetto)
WHERE i.comune = :comune AND i.nota_fino IS NULL;
CREATE INDEX ON pg_temp.posizioni (foglio, numero);
ANALYZE pg_temp.posizioni;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, ordine, forniture, valori)
SELECT p.id, u.id, p.periodo * u.periodo,
  CASE
    WHEN NOT i.periodo && p.periodo THEN 'identificativi di un altro tempo'
    WHEN p.subalterno = i.subalterno AND t.unita IS NOT NULL THEN 'identificativi e titolare'
    WHEN p.subalterno = i.subalterno THEN 'identificativi'
    WHEN t.unita IS NOT NULL THEN 'particella e titolare'
    ELSE 'particella'
  END,
  0,
  CASE
    WHEN p.subalterno = i.subalterno THEN 0
    ELSE (p.categoria IS DISTINCT FROM u.categoria)::integer
      + (p.rendita IS DISTINCT FROM u.rendita)::integer
  END,
  ARRAY[p.fornitura, u.fornitura],
  jsonb_build_object(
    'identificativo', concat_ws('/', i.foglio, i.numero, nullif(i.subalterno, '')),
    'titolare', t.unita IS NOT NULL
  )
FROM pg_temp.posizioni AS p
JOIN pg_temp.identificativi AS i
  ON i.foglio = p.foglio AND i.numero = p.numero
  AND p.subalterno IN (i.subalterno, '') AND p.sezione IN (i.sezione, i.sezione_urbana, '')
JOIN pg_temp.unita AS u
  ON u.id = i.unita AND u.periodo && p.periodo
  AND (u.versione = i.versione OR NOT i.periodo && p.periodo)
LEFT JOIN LATERAL (
  SELECT t.unita FROM pg_temp.titolari AS t
  WHERE t.unita = i.unita AND t.persona = p.persona AND t.periodo && p.periodo LIMIT 1
) AS t ON true;

ANALYZE pg_temp.candidati (da, a);
