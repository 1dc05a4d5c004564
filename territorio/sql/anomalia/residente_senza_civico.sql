-- Residents whose address leads to no house number.
-- Reads persone.residenza, registro.odonimo, legame. Parameters: comune.
--
-- The reason does not repeat the address: it would say where a person lives.
SELECT DISTINCT ON (r.soggetto) r.soggetto AS oggetto, r.fornitura,
  'residente senza civico' AS tipo,
  CASE
    WHEN r.numero IS NULL THEN 'l''indirizzo di residenza non ha numero'
    WHEN EXISTS (
      SELECT FROM registro.odonimo AS o
      WHERE o.comune = :comune AND o.chiave_odonimo = r.chiave_odonimo AND o.nota_fino IS NULL
    ) THEN 'la via della residenza non ha quel numero civico'
    ELSE 'la via della residenza non è nello stradario'
  END AS motivo,
  '{}'::jsonb AS dati
FROM persone.residenza AS r
WHERE r.comune = :comune AND r.nota_fino IS NULL AND r.valida_al IS NULL
  AND r.soggetto IS NOT NULL
  AND EXISTS (SELECT FROM registro.civico AS c WHERE c.comune = :comune AND c.nota_fino IS NULL)
  AND NOT EXISTS (
    SELECT FROM registro.legame AS l
    WHERE l.comune = r.comune AND l.tipo = 'residente_civico' AND l.da = r.soggetto
      AND l.nota_fino IS NULL AND l.valida_al IS NULL AND l.stato <> 'rifiutato'
  )
ORDER BY r.soggetto, r.fornitura DESC;
