-- Draws objects of one municipality anew for the map from afar: the outline of the source that
-- prevails, on the days on which no other prevails over it, in whole units of a grid of 2^26 to
-- the side of the web map, x to the east and y to the south, outlines clockwise as tiles want
-- them. Reads pubblico.particella and pubblico.edificio; writes registro.disegno. May run twice.
-- Parameters: comune; oggetti (their identities; null for all of the municipality).
DELETE FROM registro.disegno d
WHERE d.comune = :comune
  AND (CAST(:oggetti AS bigint[]) IS NULL OR d.id = ANY (CAST(:oggetti AS bigint[])));

INSERT INTO registro.disegno (comune, tipo, id, valida_dal, valida_al, classe, geometria)
SELECT :comune, d.tipo, d.id, coalesce(lower(d.giorni), '-infinity'),
  coalesce(upper(d.giorni), 'infinity'), d.classe, d.geometria
FROM (
  SELECT r.tipo, r.id, r.classe, g.giorni,
    ST_SnapToGrid(ST_TransScale(
      ST_SetSRID(ST_ForcePolygonCW(ST_Transform(ST_SetSRID(r.geometria, 4326), 3857)), 0),
      pi() * 6378137, -pi() * 6378137, 2 ^ 25 / (pi() * 6378137), -(2 ^ 25) / (pi() * 6378137)
    ), 1) AS geometria
  FROM (
    SELECT t.*, range_agg(t.giorni) OVER (
      PARTITION BY t.tipo, t.id ORDER BY t.ufficio DESC, t.provvisorio, t.fonte, t.dal
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
    FROM (
      SELECT 'particella' AS tipo, p.id, p.fonte, p.fonte = 'ufficio' AS ufficio,
        false AS provvisorio, daterange(p.valida_dal, p.valida_al) AS giorni,
        p.valida_dal AS dal, p.classe, p.geometria
      FROM pubblico.particella p
      WHERE p.comune = :comune
      UNION ALL
      SELECT 'edificio', e.id, e.fonte, e.fonte = 'ufficio', e.provvisorio,
        daterange(e.valida_dal, e.valida_al), e.valida_dal, e.classe,
        CASE WHEN e.stato IS DISTINCT FROM 'cessato' THEN e.geometria END
      FROM pubblico.edificio e
      WHERE e.comune = :comune
    ) t
    WHERE (t.geometria IS NOT NULL OR t.ufficio)
      AND (CAST(:oggetti AS bigint[]) IS NULL OR t.id = ANY (CAST(:oggetti AS bigint[])))
  ) r
  CROSS JOIN LATERAL unnest(
    datemultirange(r.giorni) - coalesce(r.altri, datemultirange())
  ) AS g (giorni)
  WHERE r.geometria IS NOT NULL
) d
WHERE NOT ST_IsEmpty(d.geometria)
ORDER BY d.geometria
