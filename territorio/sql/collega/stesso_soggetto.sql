-- Propose pairs of subjects that are one person: same valid fiscal code, or same name and
-- birth where one of the two has no code (the other's code states birth, place and sex).
-- Reads soggetti; writes candidati.
--
-- The code alone never confirms against the names: codes are mistyped into those of other
-- people. The evidence says how the values compare, never the values: they name a person.
-- Of a body registered hundreds of times only the pairs with its first record are made.

CREATE TEMPORARY TABLE per_codice ON COMMIT DROP AS
SELECT *, row_number() OVER w AS n, count(*) OVER (PARTITION BY codice_fiscale) AS quanti
FROM (
  SELECT *, count(*) OVER (PARTITION BY codice_fiscale) AS volte FROM pg_temp.soggetti
  WHERE codice_fiscale IS NOT NULL
) AS s
WHERE volte > 1
WINDOW w AS (PARTITION BY codice_fiscale ORDER BY impronta, id);
CREATE INDEX ON pg_temp.per_codice (codice_fiscale);
ANALYZE pg_temp.per_codice;

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, forniture, valori)
SELECT least(x.id, y.id), greatest(x.id, y.id), x.periodo * y.periodo,
  CASE
    WHEN x.data_nascita <> y.data_nascita THEN 'codice fiscale, nascita diversa'
    WHEN x.nome = y.nome THEN 'codice fiscale e nome'
    WHEN c.somiglianza >= :simile THEN 'codice fiscale e nome simile'
    ELSE 'codice fiscale, nome diverso'
  END,
  ARRAY[least(x.fornitura, y.fornitura), greatest(x.fornitura, y.fornitura)],
  jsonb_build_object(
    'codice_fiscale', 'uguale',
    'nome', CASE WHEN x.nome = y.nome THEN 'uguale' ELSE 'diverso' END,
    'somiglianza_nome', c.somiglianza,
    'data_nascita', CASE
      WHEN x.data_nascita = y.data_nascita THEN 'uguale'
      WHEN x.data_nascita <> y.data_nascita THEN 'diversa' ELSE 'manca' END
  )
FROM pg_temp.per_codice AS x
JOIN pg_temp.per_codice AS y
  ON y.codice_fiscale = x.codice_fiscale AND x.id <> y.id AND x.n < y.n
  AND (x.n = 1 OR x.quanti <= 50) AND x.periodo && y.periodo
CROSS JOIN LATERAL (
  SELECT round(similarity(x.nome, y.nome)::numeric, 2) OFFSET 0
) AS c (somiglianza);

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, forniture, valori)
SELECT least(x.id, y.id), greatest(x.id, y.id), x.periodo * y.periodo,
  CASE WHEN c.luogo AND c.sesso THEN 'nome, nascita e luogo' ELSE 'nome e nascita' END,
  ARRAY[least(x.fornitura, y.fornitura), greatest(x.fornitura, y.fornitura)],
  jsonb_build_object(
    'codice_fiscale', 'manca', 'nome', 'uguale', 'data_nascita', 'uguale',
    'luogo_nascita', CASE
      WHEN c.luogo THEN 'uguale' WHEN x.nato_a <> y.nato_a THEN 'diverso' ELSE 'manca' END
  )
FROM pg_temp.soggetti AS x
JOIN pg_temp.soggetti AS y
  ON y.nome = x.nome AND y.nascita = x.nascita AND y.id <> x.id AND y.periodo && x.periodo
CROSS JOIN LATERAL (
  SELECT coalesce(x.nato_a = y.nato_a, false) AS luogo,
    coalesce(x.genere = y.genere, true) AS sesso
) AS c
WHERE x.codice_fiscale IS NULL AND (y.codice_fiscale IS NOT NULL OR x.id < y.id)
  AND coalesce(x.data_nascita = y.data_nascita, true);

DROP TABLE pg_temp.per_codice;
