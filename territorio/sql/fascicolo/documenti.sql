-- Photos and documents attached to the building.
SELECT 'documento' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'tipo', t.tipo, 'titolo', t.titolo, 'nome_file', t.nome_file, 'formato', t.formato,
    'byte', t.byte, 'sha256', t.sha256, 'data_documento', t.data_documento
  )) AS valori,
  (
    SELECT json_agg(c.campi) FROM registro.cancellazione c
    WHERE c.comune = :comune AND c.oggetto = t.id
  ) AS cancellati
FROM persone.documento t
WHERE t.comune = :comune AND t.edificio = :edificio
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY t.data_documento DESC NULLS LAST, t.id
