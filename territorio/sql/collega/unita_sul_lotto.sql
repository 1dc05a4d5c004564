-- The buildings on the parcels of each unit, house numbers left aside: civico_edificio and
-- unita_edificio build on it.
-- Reads attesi (unita_particella, edificio_particella), unita, registro.edificio; makes
-- per_particella. Parameters: comune.
--
-- A building counts first on the parcel that holds at least half of it: a corner that
-- crosses the boundary must not make a neighbour of it. `capiente`: the unit fits into it;
-- storeys nobody told are taken for three.

CREATE TEMPORARY TABLE per_particella ON COMMIT DROP AS
WITH piani AS (
  SELECT id, max(piani) AS piani FROM registro.edificio
  WHERE comune = :comune AND nota_fino IS NULL GROUP BY id
),
unita AS (
  SELECT id, bool_or(pertinenza) AS pertinenza, max(superficie_mq) AS superficie
  FROM pg_temp.unita GROUP BY id
)
SELECT up.da AS unita, ep.da AS edificio, up.periodo * ep.periodo AS periodo,
  up.forniture || ep.forniture AS forniture, ep.misura, ep.quota >= 0.5 AS principale,
  up.a AS particella, u.pertinenza,
  u.superficie / (ep.misura / ep.quota) BETWEEN 0.75 AND 1.25 AS simile,
  u.superficie IS NULL
    OR u.superficie * 0.6 <= ep.misura / ep.quota * coalesce(p.piani, 3) AS capiente
FROM pg_temp.attesi AS up
JOIN pg_temp.attesi AS ep ON ep.a = up.a AND ep.periodo && up.periodo
JOIN unita AS u ON u.id = up.da
LEFT JOIN piani AS p ON p.id = ep.da
WHERE up.tipo = 'unita_particella' AND up.stato = 'confermato'
  AND ep.tipo = 'edificio_particella' AND ep.stato = 'confermato' AND ep.quota > 0;
CREATE INDEX ON pg_temp.per_particella (unita);
ANALYZE pg_temp.per_particella;
