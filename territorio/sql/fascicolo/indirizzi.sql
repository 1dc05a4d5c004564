-- The addresses of the building: its house numbers and their streets.
SELECT 'civico' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'odonimo', o.denominazione, 'localita', o.localita, 'numero', t.numero,
    'esponente', t.esponente, 'specificita', t.specificita, 'metrico', t.metrico,
    'lon', ST_X(t.geometria), 'lat', ST_Y(t.geometria)
  )) AS valori,
  l.legame
FROM civici l
JOIN registro.civico t ON t.comune = :comune AND t.id = l.id
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
-- Several sources may name one street: an address is one all the same.
LEFT JOIN LATERAL (
  SELECT s.denominazione, s.localita
  FROM registro.odonimo s
  WHERE s.comune = :comune AND s.id = t.odonimo
    AND registro.vale(s.valida_dal, s.valida_al, s.nota_da, s.nota_fino, :giorno, :nota)
  ORDER BY s.fonte = 'ufficio' DESC, s.versione DESC
  LIMIT 1
) o ON true
ORDER BY o.denominazione, t.numero, t.esponente, t.fonte
