-- Which kinds of facts a delivery of this municipality, known by then, spoke of.
SELECT k.fatto
FROM unnest(ARRAY[
  'particella', 'particella_censuaria', 'unita_immobiliare', 'titolarita', 'residenza',
  'posizione_imu', 'zona_urbanistica', 'vincolo', 'edificio', 'civico'
]) AS k(fatto)
-- LIMIT and not EXISTS: of each kind the first delivery will do, and the planner would join all.
WHERE (
  SELECT true
  FROM registro.fornitura_ambito a
  JOIN registro.fornitura f ON f.id = a.fornitura
  WHERE a.comune = :comune AND a.fatto = k.fatto
    AND (f.registrazione IS NULL OR f.registrazione <= :nota)
  LIMIT 1
)
UNION ALL
-- Hazards phenomenon by phenomenon: who loaded the landslides knows nothing of floods.
SELECT 'area_pericolosita' || k.detto
FROM unnest(ARRAY['', '.frana', '.alluvione']) AS k(detto)
WHERE (
  SELECT true
  FROM registro.fornitura_ambito a
  JOIN registro.fornitura d ON d.id = a.fornitura
  WHERE a.comune = :comune AND a.fatto = 'area_pericolosita'
    AND (k.detto = '' OR a.ambito = '*' OR starts_with(a.ambito, substr(k.detto, 2) || '/'))
    AND (d.registrazione IS NULL OR d.registrazione <= :nota)
  LIMIT 1
)
UNION ALL
-- Documents are attached one by one, by the office.
SELECT 'documento' WHERE EXISTS (SELECT FROM persone.documento d WHERE d.comune = :comune)
