-- Propose the house number of each resident by the address of the population register.
-- Reads residenze, nomi_simili, accessi; writes candidati.
--
-- The national number of the street is its only safe key (fonti.md §2.1); the municipality's
-- own code repeats, so it only chooses among streets of the same name.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT r.soggetto, a.civico, r.periodo * a.periodo,
  CASE
    WHEN r.coda <> a.coda THEN 'indirizzo senza esponente'
    WHEN r.codice_via = a.nazionale OR r.codice_via = ANY (a.comunali) THEN 'codice della via'
    WHEN s.certa THEN 'refuso nel nome della via'
    WHEN NOT s.certa THEN 'nome simile della via'
    WHEN NOT a.nome_periodo && r.periodo THEN 'nome precedente della via'
    ELSE 'indirizzo'
  END,
  0, ARRAY[r.fornitura, a.fornitura],
  jsonb_build_object('indirizzo', concat_ws(' ', r.chiave, r.numero, nullif(r.coda, '')))
FROM pg_temp.residenze AS r
LEFT JOIN pg_temp.nomi_simili AS s ON s.scritta = r.chiave
JOIN pg_temp.accessi AS a
  ON a.chiave = coalesce(s.chiave, r.chiave) AND a.numero = r.numero AND a.periodo && r.periodo
  -- Not two guesses at once: a name nobody has needs the whole number.
  AND (a.coda = r.coda OR (s.chiave IS NULL AND '' IN (a.coda, r.coda)))
UNION ALL
SELECT r.soggetto, a.civico, r.periodo * a.periodo, 'codice della via', 0,
  ARRAY[r.fornitura, a.fornitura],
  jsonb_build_object(
    'indirizzo', concat_ws(' ', r.chiave, r.numero, nullif(r.coda, '')),
    'codice_via', r.codice_via
  )
FROM pg_temp.residenze AS r
JOIN (
  SELECT DISTINCT ON (nazionale, civico, periodo) * FROM pg_temp.accessi
  ORDER BY nazionale, civico, periodo, chiave
) AS a
  ON a.nazionale = r.codice_via AND a.numero = r.numero AND a.coda = r.coda
  AND a.periodo && r.periodo
WHERE NOT EXISTS (
  SELECT FROM pg_temp.accessi AS stesso
  WHERE stesso.civico = a.civico AND stesso.chiave = r.chiave
);
