-- Buildings within some metres of one, nearest first. Reads registro.edificio; writes nothing.
-- Parameters: comune, edificio, metri, giorno, nota, limite.
WITH centro AS MATERIALIZED (
  SELECT t.geometria
  FROM registro.edificio t
  WHERE t.comune = :comune AND t.id = :edificio AND t.geometria IS NOT NULL
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY (t.fonte = 'ufficio') DESC, t.provvisorio
  LIMIT 1
)
SELECT t.id, min(ST_Distance(
  ST_SetSRID(t.geometria, 4326)::geography, ST_SetSRID(c.geometria, 4326)::geography
)) AS metri
FROM centro c
-- A box in degrees, generous at the latitudes of Italy, for the index; then the true distance.
JOIN registro.edificio t ON t.geometria && ST_Expand(c.geometria, :metri / 70000.0)
WHERE t.stato IS DISTINCT FROM 'cessato'
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  AND (t.fonte = 'ufficio' OR NOT EXISTS (
    SELECT FROM registro.edificio u
    WHERE u.comune = t.comune AND u.id = t.id AND u.fonte = 'ufficio'
      AND registro.vale(u.valida_dal, u.valida_al, u.nota_da, u.nota_fino, :giorno, :nota)
  ))
  AND ST_DWithin(
    ST_SetSRID(t.geometria, 4326)::geography, ST_SetSRID(c.geometria, 4326)::geography, :metri
  )
GROUP BY t.id
ORDER BY metri, t.id
LIMIT :limite
