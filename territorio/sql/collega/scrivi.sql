-- Write the outcome of a run: close what no longer stands, open what is new.
-- Reads da_chiudere, attesi, registro.legame; writes registro.legame.
-- Parameters: comune, numero.
--
-- Since the run began a person may have judged a pair: that judgement wins.

UPDATE registro.legame AS l
SET nota_fino = :numero
FROM pg_temp.da_chiudere AS d
WHERE l.comune = :comune AND l.versione = d.versione AND l.nota_fino IS NULL;

INSERT INTO registro.legame
  (comune, tipo, da, a, valida_dal, valida_al, nota_da, metodo, punteggio, misura, quota,
    evidenza, autore, stato)
WITH giudizi AS MATERIALIZED (
  SELECT tipo, da, a, daterange(valida_dal, valida_al) AS periodo
  FROM registro.legame
  WHERE comune = :comune AND nota_fino IS NULL AND autore <> 'calcolo'
)
SELECT :comune, t.tipo, t.da, t.a, lower(t.periodo), upper(t.periodo), :numero, t.metodo,
  t.punteggio, t.misura, t.quota, t.evidenza, 'calcolo', t.stato
FROM pg_temp.attesi AS t
WHERE t.nuovo AND NOT EXISTS (
  SELECT FROM giudizi AS g
  WHERE g.tipo = t.tipo AND g.da = t.da AND g.a = t.a AND g.periodo && t.periodo
);
