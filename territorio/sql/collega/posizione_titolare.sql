-- Propose, for the positions that identifiers do not place, units the taxpayer has a right
-- on: those at the declared address first, then those of the declared category and rendita.
-- Reads posizioni, candidati, titolari, unita, vie (whole addresses, toponimo empty), numeri,
-- accessi, attesi (unita_civico); writes candidati.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
WITH al_civico AS (
  SELECT DISTINCT v.indirizzo, uc.da AS unita
  FROM pg_temp.vie AS v
  JOIN pg_temp.numeri AS n ON n.testo = v.indirizzo
  JOIN pg_temp.accessi AS a ON a.chiave = v.chiave AND a.numero = n.numero AND a.coda = n.coda
  JOIN pg_temp.attesi AS uc ON uc.a = a.civico
  WHERE uc.tipo = 'unita_civico' AND uc.stato = 'confermato'
),
da_collocare AS MATERIALIZED (
  SELECT p.* FROM pg_temp.posizioni AS p
  LEFT JOIN (
    SELECT da, range_agg(periodo) AS periodi FROM pg_temp.candidati GROUP BY da
  ) AS c ON c.da = p.id
  WHERE c.da IS NULL OR NOT c.periodi @> p.periodo
)
SELECT p.id, u.id, p.periodo * t.periodo * u.periodo,
  CASE
    WHEN q.indirizzo AND q.categoria THEN 'titolare, indirizzo e categoria'
    WHEN q.categoria AND q.rendita THEN 'titolare, categoria e rendita'
    WHEN q.indirizzo THEN 'titolare e indirizzo'
    ELSE 'titolare e categoria'
  END,
  0, ARRAY[p.fornitura, t.fornitura, u.fornitura],
  jsonb_build_object(
    'titolare', true, 'indirizzo', q.indirizzo, 'categoria', q.categoria, 'rendita', q.rendita
  )
FROM da_collocare AS p
JOIN pg_temp.titolari AS t ON t.persona = p.persona AND t.periodo && p.periodo
JOIN pg_temp.unita AS u ON u.id = t.unita AND u.periodo && p.periodo * t.periodo
LEFT JOIN al_civico AS c ON c.indirizzo = p.indirizzo AND c.unita = u.id
CROSS JOIN LATERAL (
  SELECT c.unita IS NOT NULL AS indirizzo, coalesce(p.categoria = u.categoria, false) AS categoria,
    coalesce(p.rendita = u.rendita, false) AS rendita
) AS q
WHERE q.categoria OR q.indirizzo;

DROP TABLE pg_temp.posizioni, pg_temp.titolari;
