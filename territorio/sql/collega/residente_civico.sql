-- Propose the house number of each resident by the address of the population register.
-- Reads residenze, accessi; writes candidati.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT r.soggetto, a.civico, r.periodo * a.periodo,
  CASE
    WHEN r.coda <> a.coda THEN 'indirizzo senza esponente'
    WHEN NOT a.nome_periodo && r.periodo THEN 'nome precedente della via'
    ELSE 'indirizzo'
  END,
  0, ARRAY[r.fornitura, a.fornitura],
  jsonb_build_object('indirizzo', concat_ws(' ', r.chiave, r.numero, nullif(r.coda, '')))
FROM pg_temp.residenze AS r
JOIN pg_temp.accessi AS a
  ON a.chiave = r.chiave AND a.numero = r.numero AND a.periodo && r.periodo
  AND (a.coda = r.coda OR '' IN (a.coda, r.coda));
