-- Units whose rights of ownership do not make one whole.
-- Reads persone.titolarita. Parameters: comune.
--
-- Ownership and bare ownership make one ledger, usufruct another (catasto.md §6); only the
-- first has to be whole. Units with an unknown share are left out. Three holders of a third are
-- often written as 333/1000 each; who holds alone holds all.
SELECT t.unita AS oggetto, max(t.fornitura) AS fornitura,
  'quote di proprietà' AS tipo,
  'le quote di proprietà non fanno l’intero' AS motivo,
  jsonb_build_object(
    'somma', round(sum(t.quota_numeratore::numeric / nullif(t.quota_denominatore, 0)), 3)::text
  ) AS dati
FROM persone.titolarita AS t
WHERE t.comune = :comune AND t.nota_fino IS NULL AND t.valida_al IS NULL AND t.unita IS NOT NULL
  AND t.diritto IN ('10', '1s', '1t', '20', '2s')
GROUP BY t.unita
HAVING bool_and(t.quota_numeratore > 0 AND t.quota_denominatore > 0)
  AND abs(sum(t.quota_numeratore::numeric / nullif(t.quota_denominatore, 0)) - 1)
    > CASE WHEN count(*) = 1 THEN 0 ELSE 0.001 END
ORDER BY t.unita;
