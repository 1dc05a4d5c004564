-- The planning zones, the constraints and the hazard areas the building lies in, with the area
-- of each.
(
  SELECT 'zona_urbanistica' AS tipo, t.id, t.fonte, t.fornitura, t.riga,
    NULL::date AS data, t.valida_dal AS dal, t.valida_al AS al,
    json_strip_nulls(json_build_object(
      'strumento', t.strumento, 'sigla', t.sigla, 'zto', t.zto,
      'destinazione', t.destinazione, 'indice_fondiario', t.indice_fondiario, 'norma', t.norma
    )) AS valori,
    l.legame
  FROM da_edificio l
  JOIN registro.zona_urbanistica t ON t.comune = :comune AND t.id = l.id
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  WHERE l.tipo = 'edificio_zona'
  ORDER BY t.sigla, t.id
)
UNION ALL
(
  SELECT 'vincolo', t.id, t.fonte, t.fornitura, t.riga, NULL::date, t.valida_dal,
    t.valida_al,
    json_strip_nulls(json_build_object(
      'tipo', t.tipo, 'denominazione', t.denominazione, 'atto', t.atto,
      'data_atto', t.data_atto, 'rubrica', t.rubrica, 'codice_nazionale', t.codice_nazionale,
      'codice_regionale', t.codice_regionale
    )),
    l.legame
  FROM da_edificio l
  JOIN registro.vincolo t ON t.comune = :comune AND t.id = l.id
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  WHERE l.tipo = 'edificio_vincolo'
  ORDER BY t.tipo, t.id
)
UNION ALL
(
  SELECT 'area_pericolosita', t.id, t.fonte, t.fornitura, t.riga, NULL::date, t.valida_dal,
    t.valida_al,
    json_strip_nulls(json_build_object(
      'fenomeno', t.fenomeno, 'classe', t.classe, 'denominazione', t.denominazione,
      'autorita', t.autorita, 'strumento', t.strumento, 'data_atto', t.data_atto
    )),
    l.legame
  FROM da_edificio l
  JOIN registro.area_pericolosita t ON t.comune = :comune AND t.id = l.id
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  WHERE l.tipo = 'edificio_pericolosita'
  ORDER BY t.fenomeno, t.classe, t.id
)
