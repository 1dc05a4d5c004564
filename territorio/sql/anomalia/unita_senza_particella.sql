-- Units in force that no parcel of the map carries.
-- Reads registro.unita_immobiliare, registro.legame. Parameters: comune.
SELECT u.id AS oggetto, u.fornitura,
  'unità senza particella in mappa' AS tipo,
  'nessuna particella della mappa ha l''identificativo dell''unità' AS motivo,
  '{}'::jsonb AS dati
FROM registro.unita_immobiliare AS u
WHERE u.comune = :comune AND u.nota_fino IS NULL AND u.valida_al IS NULL
  AND coalesce(u.partita, '') <> 'C'
  AND EXISTS (
    SELECT FROM registro.particella AS p WHERE p.comune = :comune AND p.nota_fino IS NULL
  )
  AND NOT EXISTS (
    SELECT FROM registro.legame AS l
    WHERE l.comune = u.comune AND l.tipo = 'unita_particella' AND l.da = u.id
      AND l.nota_fino IS NULL AND l.stato <> 'rifiutato'
  )
ORDER BY u.id;
