-- Propose the buildings on the parcel of a house number that is in none and near none.
-- Reads civici, candidati (inside and near), attesi (civico_particella,
-- edificio_particella); writes candidati.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, peso, forniture, valori)
WITH scoperti AS MATERIALIZED (
  SELECT c.id FROM pg_temp.civici AS c
  LEFT JOIN (
    SELECT da, range_agg(periodo) AS periodi FROM pg_temp.candidati GROUP BY da
  ) AS gia ON gia.da = c.id
  WHERE gia.da IS NULL OR NOT gia.periodi @> c.periodo
)
SELECT cp.da, ep.da, cp.periodo * ep.periodo, 'stessa particella', 0, ep.misura,
  cp.forniture || ep.forniture, jsonb_build_object('particella', cp.a)
FROM scoperti AS c
JOIN pg_temp.attesi AS cp
  ON cp.tipo = 'civico_particella' AND cp.stato = 'confermato' AND cp.da = c.id
JOIN pg_temp.attesi AS ep
  ON ep.tipo = 'edificio_particella' AND ep.stato = 'confermato' AND ep.a = cp.a
  AND ep.periodo && cp.periodo;
