-- Propose that what lies over something belongs to it: one candidate a pair of outlines.
-- Reads aree; writes candidati. Parameters: sopra, sotto (layers), mq, quota (above either
-- the overlap counts, below it is a sliver of two drawings that do not quite agree).
--
-- Area on the ellipsoid, by the cylindrical equal-area projection as in area_mq (geography
-- agrees to 2 in ten million and takes five times as long). Most outlines lie wholly in the other one: for those the stored
-- area is the answer, and asking first costs half of intersecting all of them (100,000
-- buildings on 200,000 parcels: 9 s against 25). Lines and points have no measure.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, misura, quota, forniture, valori)
SELECT da, a, periodo,
  CASE
    WHEN bool_or(areale) IS NOT TRUE THEN 'interseca'
    WHEN sum(mq) >= :mq OR sum(mq) >= :quota * max(area) THEN 'area'
    ELSE 'margine'
  END,
  CASE WHEN bool_or(areale) THEN sum(mq) END,
  CASE WHEN bool_or(areale) THEN least(sum(mq) / max(area), 1) END,
  ARRAY[least(min(f_sopra), min(f_sotto)), greatest(min(f_sopra), min(f_sotto))],
  '{}'
FROM (
  SELECT s.id AS da, t.id AS a, s.n AS n_sopra, t.n AS n_sotto, s.periodo * t.periodo AS periodo,
    s.area_mq AS area, s.fornitura AS f_sopra, t.fornitura AS f_sotto, areale,
    CASE
      WHEN areale AND ST_CoveredBy(s.geometria, t.geometria) THEN s.area_mq
      WHEN NOT ST_Intersects(s.geometria, t.geometria) THEN NULL
      WHEN areale THEN ST_Area(ST_Transform(ST_Intersection(s.geometria, t.geometria), 6933))
      ELSE 0
    END AS mq
  FROM pg_temp.aree AS s
  JOIN pg_temp.aree AS t ON s.geometria && t.geometria AND s.periodo && t.periodo
  CROSS JOIN LATERAL (SELECT ST_Dimension(t.geometria) = 2) AS d (areale)
  WHERE s.strato = :sopra AND t.strato = :sotto AND s.area_mq > 0
  -- A fence: without it the planner writes the intersection out wherever mq is named.
  OFFSET 0
) AS coppie
WHERE mq > 0 OR (NOT areale AND mq = 0)
GROUP BY da, a, n_sopra, n_sotto, periodo
HAVING round(sum(mq)::numeric, 2) > 0 OR bool_or(areale) IS NOT TRUE;
