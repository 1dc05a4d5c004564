-- Return the addresses in words of the positions that identifiers do not place.
-- Reads posizioni, candidati.

SELECT DISTINCT p.indirizzo
FROM pg_temp.posizioni AS p
LEFT JOIN (
  SELECT da, range_agg(periodo) AS periodi FROM pg_temp.candidati GROUP BY da
) AS c ON c.da = p.id
WHERE p.indirizzo <> '' AND (c.da IS NULL OR NOT c.periodi @> p.periodo)
