-- Propose a dwelling for the households that hold no right at their house number: the one
-- with the number of their door, the only one there, the only one left free, or a few to
-- choose from. Where a household lives by its own right, another is only a suspicion: the
-- register may have the wrong house number.
-- Reads attesi (nucleo_unita), nuclei, case_al_civico; makes nuclei_unita; writes candidati.
-- Parameters: massimo (with more dwellings than this nothing is proposed: it says nothing).

CREATE TEMPORARY TABLE nuclei_unita ON COMMIT DROP AS
SELECT da AS nucleo, a AS unita, periodo, stato
FROM pg_temp.attesi WHERE tipo = 'nucleo_unita';
CREATE INDEX ON pg_temp.nuclei_unita (unita);
CREATE INDEX ON pg_temp.nuclei_unita (nucleo);
ANALYZE pg_temp.nuclei_unita;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT nucleo, unita, periodo,
  CASE
    WHEN presa AND (stesso_interno OR quante = 1) THEN 'già di un''altra famiglia'
    WHEN stesso_interno THEN 'interno'
    WHEN quante = 1 AND diretta THEN 'unica abitazione'
    WHEN quante = 1 THEN 'unica abitazione dell''edificio'
    WHEN NOT presa THEN 'esclusione'
    ELSE 'fra più abitazioni'
  END,
  0, forniture, jsonb_build_object('civico', civico)
FROM (
  SELECT n.nucleo, c.unita, n.periodo * c.periodo AS periodo, n.civico, c.diretta,
    n.forniture || c.forniture AS forniture,
    CASE WHEN c.diretta THEN c.dirette ELSE c.totali END AS quante,
    c.diretta AND n.interno <> '' AND n.interno = c.interno AS stesso_interno,
    '' NOT IN (n.interno, c.interno) AND n.interno <> c.interno AS altro_interno,
    EXISTS (
      SELECT FROM pg_temp.nuclei_unita AS altri
      WHERE altri.unita = c.unita AND altri.nucleo <> n.nucleo AND altri.stato = 'confermato'
        AND altri.periodo && n.periodo * c.periodo
    ) AS presa
  FROM pg_temp.nuclei AS n
  JOIN pg_temp.case_al_civico AS c ON c.civico = n.civico AND c.periodo && n.periodo
  WHERE NOT n.convivenza AND (c.diretta OR c.dirette = 0)
    AND NOT EXISTS (
      SELECT FROM pg_temp.nuclei_unita AS gia
      WHERE gia.nucleo = n.nucleo AND gia.periodo @> n.periodo
    )
) AS vicine
WHERE stesso_interno OR quante = 1 OR (quante <= :massimo AND NOT altro_interno);

DROP TABLE pg_temp.nuclei_unita, pg_temp.nuclei, pg_temp.case_al_civico, pg_temp.titoli_nucleo;
