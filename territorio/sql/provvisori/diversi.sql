-- How many provisional buildings stand that should not, and the other way round.
-- Reads the temporary table voluti, registro.edificio. Parameters: comune.
WITH stanno AS (
  SELECT id, fonte, impronta, valida_dal, valida_al
  FROM registro.edificio
  WHERE comune = :comune AND nota_fino IS NULL AND provvisorio
),
devono AS (
  SELECT id, fonte, impronta, dal, al FROM voluti
)
SELECT
  (SELECT count(*) FROM (TABLE stanno EXCEPT TABLE devono) AS a) AS da_chiudere,
  (SELECT count(*) FROM (TABLE devono EXCEPT TABLE stanno) AS b) AS da_aprire;
