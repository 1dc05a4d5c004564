-- What a delivery says of an object otherwise than an act of the office.
-- Reads registro.fornitura, edificio, odonimo, civico; writes registro.segnalazione.
-- Parameters: comune, fornitura. May run twice: one open segnalazione for each object,
-- field and source; those that no longer hold are closed.
WITH consegna AS (
  SELECT f.fonte, f.data_riferimento AS giorno
  FROM registro.fornitura AS f
  WHERE f.id = :fornitura
),
edifici AS (
  SELECT e.*
  FROM registro.edificio AS e, consegna
  WHERE e.comune = :comune AND e.nota_fino IS NULL
    AND coalesce(e.valida_dal <= consegna.giorno, true)
    AND coalesce(e.valida_al > consegna.giorno, true)
    AND EXISTS (
      SELECT FROM registro.edificio AS u
      WHERE u.comune = e.comune AND u.id = e.id AND u.fonte = 'ufficio' AND u.nota_fino IS NULL
    )
),
diversi AS (
  SELECT u.id, d.riga, v.campo, v.ufficio, v.consegna
  FROM edifici AS u
  JOIN edifici AS d ON d.id = u.id
  JOIN consegna ON consegna.fonte = d.fonte
  CROSS JOIN LATERAL (VALUES
    ('uso', u.uso, d.uso),
    ('tipo', u.tipo, d.tipo),
    ('stato', u.stato, d.stato),
    ('piani', u.piani::text, d.piani::text),
    ('altezza_m', u.altezza_m::text, d.altezza_m::text),
    ('anno', u.anno::text, d.anno::text)
  ) AS v (campo, ufficio, consegna)
  WHERE u.fonte = 'ufficio' AND u.stato IS DISTINCT FROM 'cessato' AND v.ufficio <> v.consegna

  UNION ALL
  -- The same outline drawn again moves a little: a tenth of what both cover is another one.
  SELECT u.id, d.riga, 'geometria', u.area_mq || ' m²', d.area_mq || ' m²'
  FROM edifici AS u
  JOIN edifici AS d ON d.id = u.id
  JOIN consegna ON consegna.fonte = d.fonte
  WHERE u.fonte = 'ufficio' AND u.stato IS DISTINCT FROM 'cessato'
    AND public.ST_Area(public.ST_SymDifference(u.geometria, d.geometria))
      > 0.1 * public.ST_Area(public.ST_Union(u.geometria, d.geometria))

  UNION ALL
  SELECT u.id, d.riga, 'esistenza', 'cessato', 'presente'
  FROM edifici AS u
  JOIN edifici AS d ON d.id = u.id
  JOIN consegna ON consegna.fonte = d.fonte
  WHERE u.fonte = 'ufficio' AND u.stato = 'cessato'

  UNION ALL
  SELECT u.id, NULL, 'esistenza', 'presente', 'assente'
  FROM edifici AS u, consegna
  WHERE u.fonte = 'ufficio' AND u.stato IS DISTINCT FROM 'cessato'
    AND EXISTS (
      SELECT FROM registro.edificio AS prima
      WHERE prima.comune = :comune AND prima.id = u.id AND prima.fonte = consegna.fonte
        AND prima.nota_fino IS NULL
    )
    AND NOT EXISTS (
      SELECT FROM edifici AS d WHERE d.id = u.id AND d.fonte = consegna.fonte
    )

  UNION ALL
  SELECT u.id, d.riga, 'denominazione', u.denominazione, d.denominazione
  FROM consegna
  JOIN registro.odonimo AS d ON d.comune = :comune AND d.fonte = consegna.fonte
    AND d.nota_fino IS NULL
    AND coalesce(d.valida_dal <= consegna.giorno, true)
    AND coalesce(d.valida_al > consegna.giorno, true)
  JOIN registro.odonimo AS u ON u.comune = d.comune AND u.id = d.id AND u.fonte = 'ufficio'
    AND u.nota_fino IS NULL
    AND coalesce(u.valida_dal <= consegna.giorno, true)
    AND coalesce(u.valida_al > consegna.giorno, true)
  WHERE u.chiave_odonimo <> d.chiave_odonimo

  UNION ALL
  SELECT u.id, d.riga, 'numero', concat(u.numero, u.esponente), concat(d.numero, d.esponente)
  FROM consegna
  JOIN registro.civico AS d ON d.comune = :comune AND d.fonte = consegna.fonte
    AND d.nota_fino IS NULL
    AND coalesce(d.valida_dal <= consegna.giorno, true)
    AND coalesce(d.valida_al > consegna.giorno, true)
  JOIN registro.civico AS u ON u.comune = d.comune AND u.id = d.id AND u.fonte = 'ufficio'
    AND u.nota_fino IS NULL
    AND coalesce(u.valida_dal <= consegna.giorno, true)
    AND coalesce(u.valida_al > consegna.giorno, true)
  WHERE (u.numero, lower(u.esponente)) IS DISTINCT FROM (d.numero, lower(d.esponente))
),
aperte AS (
  SELECT s.id, s.oggetto, s.campo
  FROM registro.segnalazione AS s
  JOIN registro.fornitura AS f ON f.id = s.fornitura
  JOIN consegna ON consegna.fonte = f.fonte
  WHERE s.comune = :comune AND s.tipo = 'dissenso con l’ufficio' AND s.stato <> 'chiusa'
),
sanate AS (
  UPDATE registro.segnalazione AS s
  SET stato = 'chiusa', chiusa_da = 'ingest'
  FROM aperte
  WHERE s.comune = :comune AND s.id = aperte.id
    AND NOT EXISTS (
      SELECT FROM diversi WHERE diversi.id = aperte.oggetto AND diversi.campo = aperte.campo
    )
)
INSERT INTO registro.segnalazione
  (comune, tipo, oggetto, fornitura, riga, campo, motivo, dati, autore)
SELECT DISTINCT ON (d.id, d.campo)
  :comune, 'dissenso con l’ufficio', d.id, :fornitura, d.riga, d.campo,
  'la fonte contraddice un atto dell’ufficio: vale l’atto',
  jsonb_build_object('fonte', consegna.fonte, 'consegna', d.consegna, 'ufficio', d.ufficio),
  'ingest'
FROM diversi AS d, consegna
WHERE NOT EXISTS (
  SELECT FROM aperte WHERE aperte.oggetto = d.id AND aperte.campo = d.campo
)
ORDER BY d.id, d.campo, d.riga
