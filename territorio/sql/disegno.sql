-- Draws objects of one municipality anew for the map from afar: the outline of the source that
-- prevails, on the days on which no other prevails over it, in whole units of a grid of 2^26 to
-- the side of the web map, x to the east and y to the south, outlines as tiles want them. What is
-- read at zoom 13 and below alone leaves out what cannot be seen there.
-- Reads the public views; writes registro.disegno. May run twice.
-- Parameters: comune; oggetti (their identities; null for all of the municipality).
DELETE FROM registro.disegno d
WHERE d.comune = :comune
  AND (CAST(:oggetti AS bigint[]) IS NULL OR d.id = ANY (CAST(:oggetti AS bigint[])));

INSERT INTO registro.disegno (comune, tipo, id, valida_dal, valida_al, classe, testo, geometria)
SELECT :comune, d.tipo, d.id, coalesce(lower(d.giorni), '-infinity'),
  coalesce(upper(d.giorni), 'infinity'), d.classe, d.testo, d.geometria
FROM (
  SELECT r.tipo, r.id, r.classe, r.testo, g.giorni,
    ST_SnapToGrid(
      CASE WHEN r.tipo IN ('particella', 'edificio') THEN f.forma
        ELSE ST_Simplify(f.forma, 2) END, 1
    ) AS geometria
  FROM (
    SELECT t.*, range_agg(t.giorni) OVER (
      PARTITION BY t.tipo, t.id ORDER BY t.ufficio DESC, t.provvisorio, t.fonte, t.dal
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
    FROM (
      SELECT 'particella' AS tipo, p.id, p.fonte, p.fonte = 'ufficio' AS ufficio,
        false AS provvisorio, daterange(p.valida_dal, p.valida_al) AS giorni,
        p.valida_dal AS dal, p.classe, CAST(NULL AS text) AS testo, p.geometria
      FROM pubblico.particella p
      WHERE p.comune = :comune
      UNION ALL
      SELECT 'edificio', e.id, e.fonte, e.fonte = 'ufficio', e.provvisorio,
        daterange(e.valida_dal, e.valida_al), e.valida_dal, e.classe, NULL,
        CASE WHEN e.stato IS DISTINCT FROM 'cessato' THEN e.geometria END
      FROM pubblico.edificio e
      WHERE e.comune = :comune
      UNION ALL
      SELECT 'foglio', f.id, f.fonte, false, false, daterange(f.valida_dal, f.valida_al),
        f.valida_dal, '', NULL, f.geometria
      FROM pubblico.foglio f
      WHERE f.comune = :comune
      UNION ALL
      SELECT 'zona_urbanistica', z.id, z.fonte, false, false, daterange(z.valida_dal, z.valida_al),
        z.valida_dal, z.classe, z.sigla, z.geometria
      FROM pubblico.zona z
      WHERE z.comune = :comune
      UNION ALL
      SELECT 'vincolo', v.id, v.fonte, false, false, daterange(v.valida_dal, v.valida_al),
        v.valida_dal, v.classe, NULL, v.geometria
      FROM pubblico.vincolo v
      WHERE v.comune = :comune
      UNION ALL
      SELECT 'area_pericolosita', a.id, a.fonte, false, false,
        daterange(a.valida_dal, a.valida_al), a.valida_dal, a.disegno, NULL, a.geometria
      FROM pubblico.area_pericolosita a
      WHERE a.comune = :comune
    ) t
    WHERE (t.geometria IS NOT NULL OR t.ufficio)
      AND (CAST(:oggetti AS bigint[]) IS NULL OR t.id = ANY (CAST(:oggetti AS bigint[])))
  ) r
  CROSS JOIN LATERAL unnest(
    datemultirange(r.giorni) - coalesce(r.altri, datemultirange())
  ) AS g (giorni)
  CROSS JOIN LATERAL (
    SELECT ST_TransScale(
      ST_SetSRID(ST_ForcePolygonCW(ST_Transform(ST_SetSRID(r.geometria, 4326), 3857)), 0),
      pi() * 6378137, -pi() * 6378137, 2 ^ 25 / (pi() * 6378137), -(2 ^ 25) / (pi() * 6378137)
    ) AS forma
  ) f
  WHERE r.geometria IS NOT NULL
) d
WHERE NOT ST_IsEmpty(d.geometria)
ORDER BY d.geometria
