-- What became of objects that are no more: of each pair of ancestor and descendant the kind of
-- event and its day. Reasons stay inside, an operator may have named somebody.
-- Made anew at every migration; may run twice.

CREATE OR REPLACE VIEW pubblico.genealogia AS
SELECT g.comune, g.oggetto, g.tipo, g.da, g.a, g.giorno,
  registro.codice(g.da) AS da_codice, registro.codice(g.a) AS a_codice
FROM registro.genealogia g
WHERE g.nota_fino IS NULL
  AND g.oggetto IN (
    'confine', 'foglio', 'particella', 'edificio', 'civico', 'odonimo', 'zona_urbanistica',
    'vincolo', 'area_pericolosita', 'sezione_censimento'
  );
