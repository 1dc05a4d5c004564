-- Give an identity to the provisional buildings that have none, and remember their keys.
-- Reads and writes the temporary table voluti; writes registro.chiave, registro.identita.
-- Parameters: comune. May run twice.
WITH nuove AS MATERIALIZED (
  SELECT chiave, registro.nuovo_id() AS id
  FROM (SELECT DISTINCT chiave FROM voluti WHERE id IS NULL) AS senza
),
identita AS (
  INSERT INTO registro.identita (id, tipo, comune)
  SELECT id, 'edificio', :comune FROM nuove
),
chiavi AS (
  INSERT INTO registro.chiave (comune, tipo, chiave, id)
  SELECT :comune, 'edificio', chiave, id FROM nuove
  UNION
  SELECT :comune, 'edificio', chiave, min(id) FROM voluti WHERE id IS NOT NULL GROUP BY chiave
  ON CONFLICT DO NOTHING
)
UPDATE voluti SET id = nuove.id FROM nuove WHERE voluti.chiave = nuove.chiave;
