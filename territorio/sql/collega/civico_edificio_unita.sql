-- Propose the building of each house number by what else is known of the place: the units
-- that have it as address, and the parcel its point stands on.
-- Reads civici, aree, candidati (inside and near), per_particella (unita_sul_lotto.sql),
-- attesi (unita_civico, civico_particella, edificio_particella); writes candidati.
-- Parameters: lontano (metres from which a point and its units contradict each other), utm
-- (the zone the municipality measures in).
--
-- A number leads into the building whose units have it as address: that follows from two
-- links already taken. Garages and stores are left out, since they bear the number of the
-- house they belong to, wherever they stand. Among buildings near the point those of its
-- units come first, then those on the parcel the point is in.

CREATE TEMPORARY TABLE case_del_civico ON COMMIT DROP AS
SELECT civico, edificio, unnest(range_agg(periodo)) AS periodo, min(forniture) AS forniture,
  max(misura) AS misura
FROM (
  SELECT uc.a AS civico, p.edificio, uc.periodo * p.periodo AS periodo,
    uc.forniture || p.forniture AS forniture, p.misura
  FROM pg_temp.attesi AS uc
  JOIN pg_temp.per_particella AS p ON p.unita = uc.da AND p.periodo && uc.periodo
  WHERE uc.tipo = 'unita_civico' AND uc.stato = 'confermato'
    AND p.principale AND p.capiente AND NOT p.pertinenza
) AS per_unita
GROUP BY civico, edificio;
CREATE INDEX ON pg_temp.case_del_civico (civico);
ANALYZE pg_temp.case_del_civico;

CREATE TEMPORARY TABLE edifici_vicini ON COMMIT DROP AS
SELECT * FROM pg_temp.candidati WHERE metodo = 'vicino';
ANALYZE pg_temp.edifici_vicini;

INSERT INTO pg_temp.candidati
  (da, a, periodo, metodo, scelta, ordine, margine, peso, misura, forniture, valori)
SELECT v.da, v.a, v.periodo * k.periodo, 'vicino e unità', 0, v.ordine, v.margine, v.peso,
  v.misura, v.forniture || k.forniture, v.valori
FROM pg_temp.edifici_vicini AS v
JOIN pg_temp.case_del_civico AS k
  ON k.civico = v.da AND k.edificio = v.a AND k.periodo && v.periodo
UNION ALL
SELECT v.da, v.a, v.periodo * cp.periodo * ep.periodo, 'vicino e particella', 0, v.ordine,
  v.margine, v.peso, v.misura, v.forniture || cp.forniture || ep.forniture,
  v.valori || jsonb_build_object('particella', cp.a)
FROM pg_temp.edifici_vicini AS v
JOIN pg_temp.attesi AS cp
  ON cp.tipo = 'civico_particella' AND cp.stato = 'confermato' AND cp.da = v.da
  AND cp.periodo && v.periodo
JOIN pg_temp.attesi AS ep
  ON ep.tipo = 'edificio_particella' AND ep.stato = 'confermato' AND ep.quota >= 0.5
  AND ep.da = v.a AND ep.a = cp.a AND ep.periodo && v.periodo * cp.periodo;

-- What the point does not reach.
INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, peso, misura, forniture, valori)
WITH distanti AS MATERIALIZED (
  SELECT k.civico, k.edificio, k.periodo * c.periodo * t.periodo AS periodo, k.misura,
    ARRAY[c.fornitura, t.fornitura] || k.forniture AS forniture, round(
      ST_Distance(ST_Transform(c.geometria, :utm), ST_Transform(t.geometria, :utm))::numeric, 2
    ) AS metri,
    EXISTS (
      SELECT FROM pg_temp.case_del_civico AS altra
      WHERE altra.civico = k.civico AND altra.edificio <> k.edificio
        AND altra.periodo && k.periodo
    ) AS fra_altre
  FROM pg_temp.case_del_civico AS k
  JOIN pg_temp.civici AS c ON c.id = k.civico AND c.periodo && k.periodo
  JOIN pg_temp.aree AS t
    ON t.strato = 'edificio' AND t.id = k.edificio AND t.periodo && k.periodo * c.periodo
)
SELECT civico, edificio, periodo,
  CASE
    WHEN fra_altre THEN 'unità, più edifici'
    WHEN metri > :lontano THEN 'unità, punto lontano'
    ELSE 'unità'
  END,
  0, misura, metri, forniture, jsonb_strip_nulls(jsonb_build_object('distanza_m', metri))
FROM distanti
WHERE NOT isempty(periodo);

DROP TABLE pg_temp.edifici_vicini, pg_temp.case_del_civico;
