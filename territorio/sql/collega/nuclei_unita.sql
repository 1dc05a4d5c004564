-- Propose the dwelling of each household by its right on it.
-- Reads nuclei, case_al_civico, titoli_nucleo; writes candidati (da = household).

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT n.nucleo, c.unita, n.periodo * c.periodo * t.periodo,
  CASE
    WHEN NOT c.diretta THEN 'titolo nello stesso edificio'
    WHEN n.interno <> '' AND n.interno = c.interno THEN 'titolo e interno'
    ELSE 'titolo'
  END,
  0, n.forniture || c.forniture || t.fornitura, jsonb_build_object('civico', n.civico)
FROM pg_temp.nuclei AS n
JOIN pg_temp.case_al_civico AS c ON c.civico = n.civico AND c.periodo && n.periodo
JOIN pg_temp.titoli_nucleo AS t
  ON t.nucleo = n.nucleo AND t.unita = c.unita AND t.periodo && n.periodo * c.periodo;
