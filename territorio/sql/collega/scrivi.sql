-- Write the outcome of a run: close what no longer stands, open what is new.
-- Reads da_chiudere, attesi; writes registro.legame. Parameters: comune, numero.
--
-- Since the run began a person may have judged a pair: that judgement wins.

UPDATE registro.legame AS l
SET nota_fino = :numero
FROM pg_temp.da_chiudere AS d
WHERE l.comune = :comune AND l.versione = d.versione AND l.nota_fino IS NULL;

INSERT INTO registro.legame
  (comune, tipo, da, a, valida_dal, valida_al, nota_da, metodo, punteggio, misura, quota,
    evidenza, autore, stato)
SELECT :comune, t.tipo, t.da, t.a, lower(t.periodo), upper(t.periodo), :numero, t.metodo,
  t.punteggio, t.misura, t.quota, t.evidenza, 'calcolo', t.stato
FROM pg_temp.attesi AS t
WHERE t.nuovo AND NOT EXISTS (
  SELECT FROM registro.legame AS g
  WHERE g.comune = :comune AND g.nota_fino IS NULL AND g.autore <> 'calcolo'
    AND g.tipo = t.tipo AND g.da = t.da AND g.a = t.a
    AND daterange(g.valida_dal, g.valida_al) && t.periodo
)
ORDER BY t.tipo, t.da;
