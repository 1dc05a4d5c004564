-- Pair the footprints of one delivery with the buildings known on its day.
-- Reads staging.edificio, registro.edificio; makes the temporary tables nuove and coppie.
-- Parameters: comune, fonte, fornitura, giorno. May run twice in a transaction.
--
-- A pair counts when half of either footprint lies in the other. `iou` is the shared part
-- of what the two cover together; `grado_*` how many partners each one has.
DROP TABLE IF EXISTS nuove, edifici_noti, coppie;

CREATE TEMPORARY TABLE nuove ON COMMIT DROP AS
SELECT s.n, s.geometria, ST_Area(s.geometria) AS area
FROM staging.edificio AS s
WHERE s.comune = :comune AND s.fornitura = :fornitura AND s.geometria IS NOT NULL;
CREATE INDEX ON nuove USING gist (geometria);

CREATE TEMPORARY TABLE edifici_noti ON COMMIT DROP AS
SELECT DISTINCT ON (e.id)
  e.id, e.geometria, ST_Area(e.geometria) AS area, e.fonte = :fonte AS propria, e.provvisorio
FROM registro.edificio AS e
WHERE e.comune = :comune AND e.nota_fino IS NULL AND e.geometria IS NOT NULL
  AND (e.valida_al IS NULL OR e.valida_al >= :giorno)
ORDER BY e.id, e.fonte = :fonte DESC, e.provvisorio, e.valida_dal DESC NULLS LAST;
CREATE INDEX ON edifici_noti USING gist (geometria);
ANALYZE nuove;
ANALYZE edifici_noti;

CREATE TEMPORARY TABLE coppie ON COMMIT DROP AS
WITH comuni AS (
  SELECT nuove.n, v.id, nuove.area AS area_n, v.area AS area_v, v.propria, v.provvisorio,
    -- Most are drawn as they were: = compares them point by point.
    CASE WHEN nuove.geometria = v.geometria THEN v.area
      ELSE ST_Area(ST_Intersection(nuove.geometria, v.geometria)) END AS comune
  FROM nuove JOIN edifici_noti AS v ON nuove.geometria && v.geometria
  WHERE registro.riquadro_comune(nuove.geometria, v.geometria) >= 0.5 * least(nuove.area, v.area)
  -- A fence: without it the planner writes the intersection out wherever it is named.
  OFFSET 0
)
SELECT n, id, propria, provvisorio, comune / (area_n + area_v - comune) AS iou,
  count(*) OVER (PARTITION BY n) AS grado_n,
  count(*) OVER (PARTITION BY id) AS grado_v
FROM comuni
WHERE comune >= 0.5 * area_n OR comune >= 0.5 * area_v;
ANALYZE coppie;
