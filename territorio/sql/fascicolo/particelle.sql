-- The parcels under the building: as the map draws them, then as the land census has them.
(
  SELECT 'particella' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
    t.valida_dal AS dal, t.valida_al AS al,
    json_strip_nulls(json_build_object(
      'comune_catastale', t.comune_catastale, 'sezione', t.sezione, 'foglio', t.foglio,
      'allegato', t.allegato, 'sviluppo', t.sviluppo, 'numero', t.numero,
      'denominatore', t.denominatore, 'classe', t.classe, 'area_mq', t.area_mq
    )) AS valori,
    l.legame
  FROM particelle l
  JOIN registro.particella t ON t.comune = :comune AND t.id = l.id
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.foglio, t.numero, t.denominatore, t.fonte
)
UNION ALL
(
  SELECT 'particella_censuaria', t.id, t.fonte, t.fornitura, t.riga, NULL::date,
    t.valida_dal, t.valida_al,
    json_strip_nulls(json_build_object(
      'particella', l.particella, 'comune_catastale', t.comune_catastale, 'sezione', t.sezione,
      'foglio', t.foglio, 'numero', t.numero, 'denominatore', t.denominatore,
      'subalterno', t.subalterno, 'qualita', t.qualita, 'classe', t.classe,
      'superficie_mq', t.superficie_mq, 'reddito_dominicale', t.reddito_dominicale,
      'reddito_agrario', t.reddito_agrario, 'partita', t.partita, 'porzioni', t.porzioni,
      'deduzioni', t.deduzioni, 'riserve', t.riserve, 'atto_generante', t.atto_generante,
      'atto_conclusivo', t.atto_conclusivo
    )),
    l.legame
  FROM terreni l
  JOIN registro.particella_censuaria t ON t.comune = :comune AND t.id = l.id
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.foglio, t.numero, t.denominatore, t.subalterno, t.fonte
)
