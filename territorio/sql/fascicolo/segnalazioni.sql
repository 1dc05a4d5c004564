-- What does not fit about the building, its parcels, units and house numbers, as far as it
-- had been said at the moment of knowledge.
SELECT 'segnalazione' AS tipo, t.id, NULL AS fonte, t.fornitura, t.riga, NULL::date AS data,
  CAST(t.aperta AT TIME ZONE 'Europe/Rome' AS date) AS dal,
  json_strip_nulls(json_build_object(
    'tipo', t.tipo, 'motivo', t.motivo, 'dati', nullif(t.dati - 'tributi', '{}'),
    'tributi', t.dati -> 'tributi', 'campo', t.campo, 'stato', t.stato,
    'aperta', t.aperta, 'su', t.oggetto
  )) AS valori
FROM (
  SELECT CAST(:edificio AS bigint) AS id
  UNION SELECT id FROM particelle
  UNION SELECT id FROM unita
  UNION SELECT id FROM civici
) o
JOIN registro.segnalazione t ON t.comune = :comune AND t.oggetto = o.id
WHERE t.aperta <= coalesce(
  -- The next there is: after a restore numbers may be missing.
  (SELECT r.quando FROM registro.registrazione r WHERE r.numero > :nota ORDER BY r.numero LIMIT 1),
  'infinity'
)
ORDER BY t.aperta DESC, t.id DESC
