-- Tax positions that neither their identifiers nor their taxpayer lead to a unit.
-- Reads persone.posizione_imu, registro.unita_immobiliare, legame. Parameters: comune.
SELECT p.id AS oggetto, p.fornitura,
  'posizione tributaria senza unità' AS tipo,
  'nessuna unità del catasto ha gli identificativi della posizione' AS motivo,
  '{}'::jsonb AS dati
FROM persone.posizione_imu AS p
WHERE p.comune = :comune AND p.nota_fino IS NULL AND p.valida_al IS NULL
  -- Land and building plots are no units.
  AND p.categoria IS NOT NULL
  AND EXISTS (
    SELECT FROM registro.unita_immobiliare AS u WHERE u.comune = :comune AND u.nota_fino IS NULL
  )
  AND NOT EXISTS (
    SELECT FROM registro.legame AS l
    WHERE l.comune = p.comune AND l.tipo = 'posizione_unita' AND l.da = p.id
      AND l.nota_fino IS NULL AND l.stato <> 'rifiutato'
  )
ORDER BY p.id;
