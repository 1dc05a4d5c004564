-- Propose the house numbers of each unit by the addresses the cadastre holds.
-- Reads indirizzi, vie, numeri, nomi_simili, accessi, attesi (unita_particella, civico_particella);
-- writes candidati.
--
-- The most recent address counts; the ones before it are a hint. Each number of an address
-- is a choice of its own (a corner house has two). Two streets of one name in two localities
-- are told apart by the parcel of the unit, if a number of that name stands on it.

CREATE TEMPORARY TABLE indirizzi_letti ON COMMIT DROP AS
SELECT i.unita, i.periodo, i.fornitura, i.recente, i.gruppo, v.chiave AS scritta,
  coalesce(s.chiave, v.chiave) AS chiave, s.certa, n.numero, n.coda
FROM pg_temp.indirizzi AS i
JOIN pg_temp.vie AS v USING (toponimo, indirizzo)
JOIN pg_temp.numeri AS n USING (testo)
LEFT JOIN pg_temp.nomi_simili AS s ON s.scritta = v.chiave
WHERE n.numero IS NOT NULL AND v.chiave <> '';
ANALYZE pg_temp.indirizzi_letti;

CREATE TEMPORARY TABLE sullo_stesso_lotto ON COMMIT DROP AS
SELECT DISTINCT up.da AS unita, cp.da AS civico
FROM pg_temp.attesi AS up
JOIN pg_temp.attesi AS cp ON cp.a = up.a AND cp.periodo && up.periodo
WHERE up.tipo = 'unita_particella' AND up.stato = 'confermato'
  AND cp.tipo = 'civico_particella' AND cp.stato = 'confermato';
ANALYZE pg_temp.sullo_stesso_lotto;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, gruppo, forniture, valori)
SELECT i.unita, a.civico, i.periodo * a.periodo,
  CASE
    WHEN NOT i.recente THEN 'indirizzo precedente'
    WHEN i.coda <> a.coda THEN 'indirizzo senza esponente'
    WHEN l.civico IS NOT NULL AND i.certa IS NOT NULL THEN 'nome simile e particella'
    WHEN i.certa THEN 'refuso nel nome della via'
    WHEN NOT i.certa THEN 'nome simile della via'
    WHEN NOT a.nome_periodo && i.periodo THEN 'nome precedente della via'
    WHEN l.civico IS NOT NULL THEN 'indirizzo e particella'
    ELSE 'indirizzo'
  END,
  0, i.gruppo, ARRAY[i.fornitura, a.fornitura],
  jsonb_build_object('indirizzo', concat_ws(' ', i.scritta, i.numero, nullif(i.coda, '')))
FROM pg_temp.indirizzi_letti AS i
JOIN pg_temp.accessi AS a
  ON a.chiave = i.chiave AND a.numero = i.numero AND a.periodo && i.periodo
  AND (a.coda = i.coda OR (i.recente AND i.certa IS NULL AND '' IN (a.coda, i.coda)))
LEFT JOIN pg_temp.sullo_stesso_lotto AS l ON l.unita = i.unita AND l.civico = a.civico;

DROP TABLE pg_temp.indirizzi_letti, pg_temp.sullo_stesso_lotto;
