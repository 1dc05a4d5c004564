-- Takes out of the store the squares in which something lies that was published anew: at each
-- zoom those that its box touches, with the margin that a square is drawn beyond its edge.
-- Writes pubblico.tassello. May run twice.
-- Parameters: collezioni, x0, y0, x1, y1 (arrays, one entry a box, in squares of zoom 22).
DELETE FROM pubblico.tassello t
USING (
  SELECT DISTINCT b.collezione, g.z,
    floor(b.x0 / g.lato - m.margine)::integer AS x0, floor(b.y0 / g.lato - m.margine)::integer AS y0,
    floor((b.x1 + 1) / g.lato + m.margine)::integer AS x1,
    floor((b.y1 + 1) / g.lato + m.margine)::integer AS y1
  FROM unnest(
    CAST(:collezioni AS text[]), CAST(:x0 AS integer[]), CAST(:y0 AS integer[]),
    CAST(:x1 AS integer[]), CAST(:y1 AS integer[])
  ) AS b (collezione, x0, y0, x1, y1)
  -- Two hundredths: a sixty-fourth, and what rounding may add.
  CROSS JOIN (SELECT 0.02 AS margine) m
  CROSS JOIN (SELECT z, 2.0 ^ (22 - z) AS lato FROM generate_series(0, 14) AS z) g
) v
WHERE t.collezione = v.collezione AND t.z = v.z
  AND t.x BETWEEN v.x0 AND v.x1 AND t.y BETWEEN v.y0 AND v.y1
