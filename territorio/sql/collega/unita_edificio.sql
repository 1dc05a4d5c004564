-- Propose the building of each unit: through its parcels, and its house number where several
-- buildings stand on them.
-- Reads attesi (unita_civico, civico_edificio), per_particella (unita_sul_lotto.sql); writes
-- candidati.
--
-- A garage has the number of the house it belongs to: among several buildings it is the one
-- as large as the unit, if no other garage is as large. A building too small for the unit is
-- left out where another could hold it. Those that contend share the score by the area they
-- have on the parcels of the unit.

-- Once for all days, as in unita_sul_lotto.sql.
CREATE TEMPORARY TABLE per_civico ON COMMIT DROP AS
SELECT unita, edificio, civico, tratto.periodo, forniture
FROM (
  SELECT uc.da AS unita, ce.a AS edificio, uc.a AS civico,
    range_agg(uc.periodo * ce.periodo) AS periodi, (
      SELECT array_agg(DISTINCT n ORDER BY n)
      FROM unnest(string_to_array(
        string_agg(array_to_string(uc.forniture || ce.forniture, ','), ','), ','
      )::bigint[]) AS f (n)
    ) AS forniture
  FROM pg_temp.attesi AS uc
  JOIN pg_temp.attesi AS ce ON ce.da = uc.a AND ce.periodo && uc.periodo
  WHERE uc.tipo = 'unita_civico' AND uc.stato = 'confermato'
    AND ce.tipo = 'civico_edificio' AND ce.stato = 'confermato'
  GROUP BY uc.da, ce.a, uc.a
) AS u
CROSS JOIN LATERAL unnest(u.periodi) AS tratto (periodo);
CREATE INDEX ON pg_temp.per_civico (unita);
ANALYZE pg_temp.per_civico;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, peso, forniture, valori)
SELECT p.unita, p.edificio, p.periodo * coalesce(c.periodo, p.periodo),
  'particella e civico', 0, 1, p.forniture || c.forniture,
  jsonb_build_object('particella', p.particella, 'civico', c.civico)
FROM pg_temp.per_particella AS p
JOIN pg_temp.per_civico AS c
  ON c.unita = p.unita AND c.edificio = p.edificio AND c.periodo && p.periodo
WHERE p.adatto
UNION ALL
SELECT p.unita, p.edificio, p.periodo,
  CASE
    WHEN p.diversi AND p.principale AND p.pertinenza AND p.indistinta THEN 'pertinenza contesa'
    WHEN p.diversi AND p.principale AND p.pertinenza AND p.simile THEN 'pertinenza a sé'
    WHEN p.principale THEN 'particella'
    ELSE 'particella, parte minore'
  END,
  0, p.misura, p.forniture, jsonb_build_object('particella', p.particella)
FROM (
  SELECT *, max(edificio) OVER w <> min(edificio) OVER w AS diversi,
    bool_or(capiente) OVER w AS contenibile,
    bool_or(simile AND principale AND contesa) OVER w
      AND NOT bool_or(simile AND principale AND NOT contesa) OVER w AS indistinta
  FROM pg_temp.per_particella
  WINDOW w AS (PARTITION BY unita)
) AS p
WHERE (p.capiente OR NOT p.contenibile) AND (
  p.pertinenza OR NOT EXISTS (
    SELECT FROM pg_temp.per_civico AS c
    WHERE c.unita = p.unita AND c.edificio = p.edificio AND c.periodo @> p.periodo
  )
)
UNION ALL
SELECT c.unita, c.edificio, c.periodo, 'civico', 0, 1, c.forniture,
  jsonb_build_object('civico', c.civico)
FROM pg_temp.per_civico AS c
WHERE NOT EXISTS (
  SELECT FROM pg_temp.per_particella AS p WHERE p.unita = c.unita AND p.periodo @> c.periodo
);

DROP TABLE pg_temp.per_civico, pg_temp.per_particella;
