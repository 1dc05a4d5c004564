-- Propose a dwelling for the households that hold no right at their house number: the one
-- with the number of their door, the only one there, the only one left free, or a few to
-- choose from. Where a household lives by its own right, another is only a suspicion: the
-- register may have the wrong house number. So it may where a household has no right at its
-- number, but a free dwelling of its own in the same street: then both are only proposed.
-- Reads attesi (nucleo_unita, unita_civico), nuclei, case_al_civico, titoli_nucleo, civici,
-- unita; makes nuclei_unita; writes candidati.
-- Parameters: massimo (with more dwellings than this nothing is proposed: it says nothing).

CREATE TEMPORARY TABLE nuclei_unita ON COMMIT DROP AS
SELECT da AS nucleo, a AS unita, periodo, stato
FROM pg_temp.attesi WHERE tipo = 'nucleo_unita';
CREATE INDEX ON pg_temp.nuclei_unita (unita);
CREATE INDEX ON pg_temp.nuclei_unita (nucleo);
ANALYZE pg_temp.nuclei_unita;

CREATE TEMPORARY TABLE casa_nella_via ON COMMIT DROP AS
WITH posti AS (SELECT DISTINCT id, odonimo FROM pg_temp.civici),
abitazioni AS (SELECT DISTINCT id FROM pg_temp.unita WHERE abitazione)
SELECT n.nucleo, n.civico, t.unita, n.periodo * t.periodo * uc.periodo AS periodo,
  n.forniture || uc.forniture || t.fornitura AS forniture
FROM pg_temp.nuclei AS n
JOIN pg_temp.titoli_nucleo AS t ON t.nucleo = n.nucleo AND t.periodo && n.periodo
JOIN abitazioni AS a ON a.id = t.unita
JOIN pg_temp.attesi AS uc
  ON uc.tipo = 'unita_civico' AND uc.stato = 'confermato' AND uc.da = t.unita
  AND uc.periodo && n.periodo * t.periodo
JOIN posti AS suo ON suo.id = n.civico
JOIN posti AS altro ON altro.id = uc.a AND altro.odonimo = suo.odonimo AND altro.id <> suo.id
WHERE NOT n.convivenza
  AND NOT EXISTS (
    SELECT FROM pg_temp.nuclei_unita AS gia
    WHERE gia.nucleo = n.nucleo AND gia.periodo @> n.periodo
  )
  AND NOT EXISTS (
    SELECT FROM pg_temp.nuclei_unita AS altri
    WHERE altri.unita = t.unita AND altri.nucleo <> n.nucleo AND altri.stato = 'confermato'
      AND altri.periodo && n.periodo * t.periodo * uc.periodo
  );
CREATE INDEX ON pg_temp.casa_nella_via (nucleo);
ANALYZE pg_temp.casa_nella_via;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT nucleo, unita, periodo,
  CASE
    WHEN sua_altrove AND NOT presa THEN 'casa propria nella stessa via'
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
    ) AS presa,
    EXISTS (
      SELECT FROM pg_temp.casa_nella_via AS sua
      WHERE sua.nucleo = n.nucleo AND sua.periodo && n.periodo * c.periodo
    ) AS sua_altrove
  FROM pg_temp.nuclei AS n
  JOIN pg_temp.case_al_civico AS c ON c.civico = n.civico AND c.periodo && n.periodo
  WHERE NOT n.convivenza AND (c.diretta OR c.dirette = 0)
    AND NOT EXISTS (
      SELECT FROM pg_temp.nuclei_unita AS gia
      WHERE gia.nucleo = n.nucleo AND gia.periodo @> n.periodo
    )
) AS vicine
WHERE stesso_interno OR quante = 1 OR (quante <= :massimo AND NOT altro_interno)
UNION ALL
SELECT nucleo, unita, periodo, 'casa propria nella stessa via', 0, forniture,
  jsonb_build_object('civico', civico)
FROM pg_temp.casa_nella_via;

DROP TABLE pg_temp.casa_nella_via, pg_temp.nuclei_unita, pg_temp.nuclei, pg_temp.case_al_civico, pg_temp.titoli_nucleo;
