-- Close the provisional buildings that should no longer stand and open the others.
-- Reads the temporary table voluti; writes registro.edificio. Parameters: comune, numero.
WITH chiusi AS (
  UPDATE registro.edificio AS e
  SET nota_fino = :numero
  WHERE e.comune = :comune AND e.nota_fino IS NULL AND e.provvisorio
    AND NOT EXISTS (
      SELECT FROM voluti AS v
      WHERE v.id = e.id AND v.fonte = e.fonte AND v.impronta = e.impronta
        AND v.dal IS NOT DISTINCT FROM e.valida_dal AND v.al IS NOT DISTINCT FROM e.valida_al
    )
)
INSERT INTO registro.edificio
  (comune, id, fonte, valida_dal, valida_al, nota_da, fornitura, riga, impronta,
   codice_fonte, provvisorio, geometria)
SELECT :comune, v.id, v.fonte, v.dal, v.al, :numero, v.fornitura, v.riga, v.impronta,
  v.codice, true, v.geometria
FROM voluti AS v
WHERE NOT EXISTS (
  SELECT FROM registro.edificio AS e
  WHERE e.comune = :comune AND e.nota_fino IS NULL AND e.provvisorio
    AND v.id = e.id AND v.fonte = e.fonte AND v.impronta = e.impronta
    AND v.dal IS NOT DISTINCT FROM e.valida_dal AND v.al IS NOT DISTINCT FROM e.valida_al
);
