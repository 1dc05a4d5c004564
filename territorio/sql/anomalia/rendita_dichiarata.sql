-- Tax positions whose rendita is not the cadastre's.
-- Reads persone.posizione_imu, registro.legame, registro.unita_immobiliare.
-- Parameters: comune.
SELECT DISTINCT ON (u.id) u.id AS oggetto, p.fornitura,
  'rendita dichiarata diversa dal catasto' AS tipo,
  'la rendita dichiarata ai tributi non è quella del catasto' AS motivo,
  jsonb_build_object(
    'tributi', jsonb_build_object('categoria', p.categoria, 'rendita', p.rendita::text),
    'catasto', jsonb_build_object('categoria', u.categoria, 'rendita', u.rendita::text)
  ) AS dati
FROM persone.posizione_imu AS p
JOIN registro.legame AS l
  ON l.comune = p.comune AND l.tipo = 'posizione_unita' AND l.da = p.id
  AND l.nota_fino IS NULL AND l.valida_al IS NULL AND l.stato <> 'rifiutato'
JOIN registro.unita_immobiliare AS u
  ON u.comune = p.comune AND u.id = l.a AND u.nota_fino IS NULL AND u.valida_al IS NULL
WHERE p.comune = :comune AND p.nota_fino IS NULL AND p.valida_al IS NULL
  AND p.rendita IS DISTINCT FROM u.rendita AND p.rendita IS NOT NULL AND u.rendita IS NOT NULL
ORDER BY u.id, p.fornitura DESC;
