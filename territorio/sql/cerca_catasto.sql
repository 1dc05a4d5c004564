-- Parcels by a cadastral reference, the buildings on them and the units that name it. Reads
-- registro.particella, its links, registro.unita_immobiliare; writes nothing.
-- Parameters: comuni (array, empty for all), catastale, sezione, foglio, numero, denominatore,
-- subalterno (null where the text is silent), giorno, nota, limite.
WITH trovate AS MATERIALIZED (
  SELECT DISTINCT ON (t.id) t.comune, t.id, t.comune_catastale, t.sezione, t.foglio, t.allegato,
    t.sviluppo, t.numero, t.denominatore, t.geometria
  FROM registro.comune k
  JOIN registro.particella t ON t.comune = k.comune AND t.foglio = :foglio AND t.numero = :numero
  WHERE (cardinality(CAST(:comuni AS text[])) = 0 OR k.comune = ANY(CAST(:comuni AS text[])))
    AND (CAST(:catastale AS text) IS NULL OR t.comune_catastale = CAST(:catastale AS text))
    AND (CAST(:sezione AS text) IS NULL OR t.sezione = CAST(:sezione AS text))
    AND (CAST(:denominatore AS text) IS NULL OR t.denominatore = CAST(:denominatore AS text))
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, t.versione DESC
  LIMIT 50
)
SELECT t.comune, 'particella' AS tipo, t.id,
  concat('Foglio ', t.foglio, nullif(' all. ' || t.allegato, ' all. 0'),
    nullif(' sv. ' || t.sviluppo, ' sv. 0'), ', particella ', t.numero,
    '/' || nullif(t.denominatore, ''), ', sezione ' || nullif(t.sezione, '')) AS testo,
  NULL::bigint AS edificio,
  ST_X(ST_PointOnSurface(t.geometria)) AS lon, ST_Y(ST_PointOnSurface(t.geometria)) AS lat,
  CASE WHEN CAST(:subalterno AS text) IS NULL THEN 1.0 ELSE 0.8 END AS punteggio
FROM trovate t
UNION ALL
SELECT t.comune, 'unita_immobiliare', u.id,
  concat('Foglio ', t.foglio, ', particella ', t.numero, ', sub ', i.subalterno), e.a,
  ST_X(ST_PointOnSurface(t.geometria)), ST_Y(ST_PointOnSurface(t.geometria)), 1.0
FROM trovate t
JOIN registro.legame l ON l.comune = t.comune AND l.tipo = 'unita_particella' AND l.a = t.id
  AND l.stato <> 'rifiutato'
  AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
JOIN registro.unita_immobiliare u ON u.comune = t.comune AND u.id = l.da
  AND registro.vale(u.valida_dal, u.valida_al, u.nota_da, u.nota_fino, :giorno, :nota)
CROSS JOIN LATERAL jsonb_to_recordset(u.identificativi) AS i(numero text, subalterno text)
LEFT JOIN LATERAL (
  SELECT e.a FROM registro.legame e
  WHERE e.comune = t.comune AND e.tipo = 'unita_edificio' AND e.da = u.id
    AND e.stato <> 'rifiutato'
    AND registro.vale(e.valida_dal, e.valida_al, e.nota_da, e.nota_fino, :giorno, :nota)
  ORDER BY e.punteggio DESC, e.a LIMIT 1
) e ON true
WHERE i.numero = t.numero AND i.subalterno = CAST(:subalterno AS text)
UNION ALL
SELECT t.comune, 'edificio', l.da,
  concat('Edificio su foglio ', t.foglio, ', particella ', t.numero), l.da,
  ST_X(ST_PointOnSurface(e.geometria)), ST_Y(ST_PointOnSurface(e.geometria)),
  0.7 + 0.1 * coalesce(l.quota, 0)
FROM trovate t
JOIN registro.legame l ON l.comune = t.comune AND l.tipo = 'edificio_particella' AND l.a = t.id
  AND l.stato <> 'rifiutato'
  AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
JOIN LATERAL (
  SELECT e.geometria FROM registro.edificio e
  WHERE e.comune = t.comune AND e.id = l.da
    AND registro.vale(e.valida_dal, e.valida_al, e.nota_da, e.nota_fino, :giorno, :nota)
  ORDER BY (e.fonte = 'ufficio') DESC, e.provvisorio LIMIT 1
) e ON true
ORDER BY punteggio DESC, testo, id
LIMIT CAST(:limite AS integer)
