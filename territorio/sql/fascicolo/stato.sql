-- Which municipality the building lives in, whether it is there on the day, and what it came
-- from or became.
SELECT
  (SELECT i.comune FROM registro.identita i WHERE i.id = :edificio AND i.tipo = 'edificio')
    AS comune,
  (SELECT max(r.quando) FROM registro.registrazione r WHERE r.numero <= :nota
     AND r.numero >= (SELECT max(q.numero) FROM registro.registrazione q WHERE q.numero <= :nota)
  ) AS noto_al,
  (SELECT count(*) FROM registro.edificio t
   WHERE t.comune = :comune AND t.id = :edificio
     AND registro.noto(t.nota_da, t.nota_fino, :nota)) AS versioni,
  (SELECT min(coalesce(t.valida_dal, '0001-01-01')) FROM registro.edificio t
   WHERE t.comune = :comune AND t.id = :edificio
     AND registro.noto(t.nota_da, t.nota_fino, :nota)) AS dal,
  (SELECT json_agg(DISTINCT g.da) FROM registro.genealogia g
   WHERE g.comune = :comune AND g.a = :edificio AND g.da <> :edificio AND g.giorno <= :giorno
     AND registro.noto(g.nota_da, g.nota_fino, :nota)) AS prima,
  (SELECT json_agg(DISTINCT g.a) FROM registro.genealogia g
   WHERE g.comune = :comune AND g.da = :edificio AND g.a <> :edificio AND g.giorno <= :giorno
     AND registro.noto(g.nota_da, g.nota_fino, :nota)) AS dopo,
  (SELECT json_agg(c.campi) FROM registro.cancellazione c
   WHERE c.comune = :comune AND c.oggetto = :edificio) AS cancellati
