-- Propose, for a house number whose point leads nowhere, the buildings on the parcels of the
-- units that have it as address.
-- Reads civici, candidati, attesi (unita_civico, unita_particella, edificio_particella);
-- writes candidati.

ANALYZE pg_temp.candidati (da, a);

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, peso, forniture, valori)
WITH scoperti AS MATERIALIZED (
  SELECT c.id FROM pg_temp.civici AS c
  LEFT JOIN (
    SELECT da, range_agg(periodo) AS periodi FROM pg_temp.candidati GROUP BY da
  ) AS gia ON gia.da = c.id
  WHERE gia.da IS NULL OR NOT gia.periodi @> c.periodo
)
SELECT c.id, ep.da, uc.periodo * up.periodo * ep.periodo, 'unità', 0, ep.misura,
  uc.forniture || up.forniture || ep.forniture, jsonb_build_object('particella', up.a)
FROM scoperti AS c
JOIN pg_temp.attesi AS uc
  ON uc.tipo = 'unita_civico' AND uc.stato = 'confermato' AND uc.a = c.id
JOIN pg_temp.attesi AS up
  ON up.tipo = 'unita_particella' AND up.stato = 'confermato' AND up.da = uc.da
  AND up.periodo && uc.periodo
JOIN pg_temp.attesi AS ep
  ON ep.tipo = 'edificio_particella' AND ep.stato = 'confermato' AND ep.a = up.a
  AND ep.quota >= 0.5 AND ep.periodo && uc.periodo * up.periodo;
