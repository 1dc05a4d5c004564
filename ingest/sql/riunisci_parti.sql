-- A parcel delivered under one reference with several outlines is one parcel in parts:
-- its lines in staging become one (catasto.md §16). Lines that say the same are left; the
-- merge takes the first.
-- Reads and writes staging.particella of some deliveries. May run twice.
-- Parameters: comune, forniture.
WITH ripetute AS (
  -- First by counting alone, which is quick: nearly all come once.
  SELECT fornitura, chiave
  FROM staging.particella
  WHERE comune = :comune AND fornitura = ANY(:forniture)
  GROUP BY fornitura, chiave
  HAVING count(*) > 1
),
divise AS (
  SELECT fornitura, chiave, min(n) AS n, public.ST_Union(geometria) AS geometria,
    hashtextextended(string_agg(DISTINCT impronta::text, ',' ORDER BY impronta::text), 0)
      AS impronta
  FROM staging.particella JOIN ripetute USING (fornitura, chiave)
  WHERE comune = :comune
  GROUP BY fornitura, chiave
  HAVING count(DISTINCT impronta) > 1
),
tolte AS (
  DELETE FROM staging.particella AS s
  USING divise AS d
  WHERE s.comune = :comune AND s.fornitura = d.fornitura AND s.chiave = d.chiave AND s.n <> d.n
)
UPDATE staging.particella AS s
SET geometria = d.geometria, impronta = d.impronta
FROM divise AS d
WHERE s.comune = :comune AND s.n = d.n;
