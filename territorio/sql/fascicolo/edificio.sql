-- The building itself, as each source describes it; the word of the office counts first.
SELECT 'edificio' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'codice_fonte', t.codice_fonte, 'provvisorio', t.provvisorio, 'uso', t.uso, 'tipo', t.tipo,
    'stato', t.stato, 'piani', t.piani, 'altezza_m', t.altezza_m, 'anno', t.anno,
    'area_mq', t.area_mq, 'geometria', ST_AsGeoJSON(t.geometria, 7, 0)::json
  )) AS valori
FROM registro.edificio t
WHERE t.comune = :comune AND t.id = :edificio
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY (t.fonte = 'ufficio') DESC, t.provvisorio, t.fonte
