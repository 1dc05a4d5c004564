-- What stands at a point: buildings (or the nearest within 30 m) and parcels. Reads
-- registro.edificio and registro.particella; writes nothing.
-- Parameters: lon, lat, giorno, nota, limite.
WITH qui AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 6706) AS punto,
    ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 6706), 0.0004) AS intorno
),
edifici AS (
  SELECT DISTINCT ON (t.id) t.comune, t.id, t.stato,
    ST_Distance(t.geometria::geography, qui.punto::geography) AS metri
  FROM qui
  JOIN registro.edificio t ON t.geometria && qui.intorno
  WHERE registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.provvisorio
)
SELECT e.comune, 'edificio' AS tipo, e.id,
  CASE WHEN e.metri = 0 THEN 'Edificio in questo punto'
    ELSE concat('Edificio a ', ceil(e.metri), ' m') END AS testo,
  e.id AS edificio, CAST(:lon AS double precision) AS lon, CAST(:lat AS double precision) AS lat,
  1.0 - least(e.metri, 30) / 60 AS punteggio
FROM edifici e
WHERE e.metri <= 30 AND e.stato IS DISTINCT FROM 'cessato'
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) t.comune, 'particella', t.id,
    concat('Foglio ', t.foglio, ', particella ', t.numero, '/' || nullif(t.denominatore, '')),
    NULL::bigint, CAST(:lon AS double precision), CAST(:lat AS double precision), 0.95
  FROM qui
  JOIN registro.particella t ON t.geometria && qui.punto AND ST_Intersects(t.geometria, qui.punto)
  WHERE registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, t.versione DESC
) p
ORDER BY punteggio DESC, id
LIMIT CAST(:limite AS integer)
