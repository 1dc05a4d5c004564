-- The units of the building, as the urban cadastre describes them.
SELECT 'unita_immobiliare' AS tipo, t.id, t.fonte, t.fornitura, t.riga,
  NULL::date AS data, t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'comune_catastale', t.comune_catastale, 'sezione', t.sezione,
    'identificativi', t.identificativi, 'zona', t.zona, 'categoria', t.categoria,
    'classe', t.classe, 'consistenza', t.consistenza, 'superficie_mq', t.superficie_mq,
    'rendita', t.rendita, 'ubicazione', t.ubicazione, 'indirizzi', t.indirizzi,
    'utilita_comuni', t.utilita_comuni, 'partita', t.partita, 'riserve', t.riserve,
    'atto_generante', t.atto_generante, 'atto_conclusivo', t.atto_conclusivo,
    'protocollo_notifica', t.protocollo_notifica, 'flag_classamento', t.flag_classamento
  )) AS valori,
  l.legame
FROM unita l
JOIN registro.unita_immobiliare t ON t.comune = :comune AND t.id = l.id
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY t.id, t.fonte
