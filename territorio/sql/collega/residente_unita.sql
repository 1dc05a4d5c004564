-- Propose a dwelling for the households that neither a right nor a door places: the only one
-- at the house number, the only one left free, or a few to choose from.
-- Reads attesi (nucleo_unita), nuclei, case_al_civico; makes nuclei_unita; writes candidati.
-- Parameters: massimo (with more dwellings than this nothing is proposed: it says nothing).

CREATE TEMPORARY TABLE nuclei_unita ON COMMIT DROP AS
SELECT da AS nucleo, a AS unita, periodo, stato
FROM pg_temp.attesi WHERE tipo = 'nucleo_unita';
CREATE INDEX ON pg_temp.nuclei_unita (unita);
CREATE INDEX ON pg_temp.nuclei_unita (nucleo);
ANALYZE pg_temp.nuclei_unita;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT n.nucleo, c.unita, n.periodo * c.periodo,
  CASE
    WHEN c.diretta AND c.dirette = 1 THEN 'unica abitazione'
    WHEN c.totali = 1 THEN 'unica abitazione dell''edificio'
    WHEN NOT EXISTS (
      SELECT FROM pg_temp.nuclei_unita AS altri
      WHERE altri.unita = c.unita AND altri.nucleo <> n.nucleo AND altri.stato = 'confermato'
        AND altri.periodo && n.periodo * c.periodo
    ) THEN 'esclusione'
    ELSE 'fra più abitazioni'
  END,
  0, n.forniture || c.forniture, jsonb_build_object('civico', n.civico)
FROM pg_temp.nuclei AS n
JOIN pg_temp.case_al_civico AS c ON c.civico = n.civico AND c.periodo && n.periodo
WHERE NOT n.convivenza AND (c.diretta OR c.dirette = 0)
  AND CASE WHEN c.diretta THEN c.dirette ELSE c.totali END <= :massimo
  AND NOT EXISTS (
    SELECT FROM pg_temp.nuclei_unita AS gia
    WHERE gia.nucleo = n.nucleo AND gia.periodo @> n.periodo
  );

DROP TABLE pg_temp.nuclei_unita, pg_temp.nuclei, pg_temp.case_al_civico, pg_temp.titoli_nucleo;
