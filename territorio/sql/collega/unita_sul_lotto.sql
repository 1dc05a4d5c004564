-- The buildings on the parcels of each unit, house numbers left aside: civico_edificio and
-- unita_edificio build on it.
-- Reads attesi (unita_particella, edificio_particella), unita, registro.edificio; makes
-- per_particella. Parameters: comune.
--
-- A building counts first on the parcel that holds at least half of it: a corner that
-- crosses the boundary must not make a neighbour of it. `capiente`: the unit fits into it;
-- storeys nobody told are taken for three. `adatto`: nobody lives in what the survey calls a
-- shed or a barn, and the farm's own buildings (D/10) are not its house; where the survey
-- knows of no better place, every building will do. `contesa`: as large as several units.

CREATE TEMPORARY TABLE per_particella ON COMMIT DROP AS
WITH edifici AS (
  SELECT id, max(piani) AS piani,
    -- Codes of the topographic database: 08 industry, 09 farming; 08 shed, 23 canopy.
    bool_or(uso LIKE '08%' OR uso LIKE '09%' OR tipo IN ('08', '23')) AS di_lavoro,
    bool_or(uso LIKE '01%') AS di_abitazione
  FROM registro.edificio
  WHERE comune = :comune AND nota_fino IS NULL GROUP BY id
),
unita AS (
  SELECT id, bool_or(pertinenza) AS pertinenza, max(superficie_mq) AS superficie,
    bool_and(abitazione AND categoria IS NOT NULL) AS abitazione,
    bool_and(coalesce(categoria = 'D10', false)) AS rurale
  FROM pg_temp.unita GROUP BY id
),
coppie AS (
  SELECT up.da AS unita, ep.da AS edificio, up.periodo * ep.periodo AS periodo,
    up.forniture || ep.forniture AS forniture, ep.misura, ep.quota >= 0.5 AS principale,
    up.a AS particella, u.pertinenza,
    u.superficie / (ep.misura / ep.quota) BETWEEN 0.75 AND 1.25 AS simile,
    u.superficie IS NULL
      OR u.superficie * 0.6 <= ep.misura / ep.quota * coalesce(e.piani, 3) AS capiente,
    CASE
      WHEN u.abitazione THEN coalesce(NOT e.di_lavoro, true)
      WHEN u.rurale THEN coalesce(NOT e.di_abitazione, true)
      ELSE true
    END AS adatto
  FROM pg_temp.attesi AS up
  JOIN pg_temp.attesi AS ep ON ep.a = up.a AND ep.periodo && up.periodo
  JOIN unita AS u ON u.id = up.da
  LEFT JOIN edifici AS e ON e.id = ep.da
  WHERE up.tipo = 'unita_particella' AND up.stato = 'confermato'
    AND ep.tipo = 'edificio_particella' AND ep.stato = 'confermato' AND ep.quota > 0
),
-- An outline delivered again is never drawn quite alike, and each time has an area of its own:
-- where all else is the same, it is one candidate on all its days, with the larger area.
-- Arrays of unlike length cannot be put together by an aggregate: deliveries go through text.
unite AS (
  SELECT unita, edificio, particella, pertinenza, principale, simile, capiente, adatto,
    max(misura) AS misura, range_agg(periodo) AS periodi, (
      SELECT array_agg(DISTINCT n ORDER BY n)
      FROM unnest(string_to_array(string_agg(array_to_string(forniture, ','), ','), ',')::bigint[])
        AS f (n)
    ) AS forniture
  FROM coppie
  GROUP BY unita, edificio, particella, pertinenza, principale, simile, capiente, adatto
)
SELECT unita, edificio, tratto.periodo, forniture, misura, principale, particella, pertinenza,
  simile, capiente AND (adatto OR NOT adattabile) AS capiente,
  adatto OR NOT adattabile AS adatto, coalesce(prima <> ultima, false) AS contesa
FROM (
  SELECT *, bool_or(adatto AND principale) OVER (PARTITION BY unita) AS adattabile,
    min(unita) FILTER (WHERE pertinenza AND simile AND principale) OVER w AS prima,
    max(unita) FILTER (WHERE pertinenza AND simile AND principale) OVER w AS ultima
  FROM unite
  WINDOW w AS (PARTITION BY edificio)
) AS tutte
CROSS JOIN LATERAL unnest(tutte.periodi) AS tratto (periodo);
CREATE INDEX ON pg_temp.per_particella (unita);
ANALYZE pg_temp.per_particella;
