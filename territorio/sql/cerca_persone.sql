-- Persons by name or fiscal code, and the buildings of which they hold or inhabit a unit. Reads
-- persone.ricerca and the links; writes nothing.
-- Parameters: parole, dopo_parole (the first text after all that begin with it), comuni (array, empty for all), giorno, nota, limite.
WITH iniziano AS MATERIALIZED (
  SELECT r.*
  FROM registro.comune k
  -- Municipality by municipality: only so both columns of the index are asked for.
  CROSS JOIN LATERAL (
    SELECT r.comune, r.id, r.testo, 1.0::real AS punteggio
    FROM persone.ricerca r
    WHERE r.comune = k.comune
      AND r.chiave ~>=~ CAST(:parole AS text) AND r.chiave ~<~ CAST(:dopo_parole AS text)
    ORDER BY r.chiave USING ~<~
    LIMIT CAST(:limite AS integer)
  ) r
  WHERE cardinality(CAST(:comuni AS text[])) = 0 OR k.comune = ANY(CAST(:comuni AS text[]))
  LIMIT CAST(:limite AS integer)
),
-- Only when few begin so; and of a very common name not all are weighed.
simili AS MATERIALIZED (
  SELECT r.comune, r.id, r.testo, public.word_similarity(:parole, r.chiave) AS punteggio
  FROM (
    SELECT r.* FROM persone.ricerca r
    WHERE r.chiave OPERATOR(public.%>) :parole
      AND (cardinality(CAST(:comuni AS text[])) = 0 OR r.comune = ANY(CAST(:comuni AS text[])))
      AND (SELECT count(*) FROM iniziano) < CAST(:limite AS integer)
    LIMIT 2000
  ) r
  ORDER BY punteggio DESC, r.testo, r.id
  LIMIT CAST(:limite AS integer)
),
trovati AS MATERIALIZED (
  SELECT DISTINCT ON (s.id) s.* FROM (
    SELECT * FROM iniziano UNION ALL SELECT * FROM simili
  ) s
  ORDER BY s.id, s.punteggio DESC
)
SELECT t.comune, 'soggetto' AS tipo, t.id, t.testo, NULL::bigint AS edificio,
  NULL::double precision AS lon, NULL::double precision AS lat, t.punteggio, e.edifici
FROM trovati t
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT l.a) AS edifici
  FROM (
    SELECT h.unita FROM persone.titolarita h
    WHERE h.comune = t.comune AND h.soggetto = t.id
      AND registro.vale(h.valida_dal, h.valida_al, h.nota_da, h.nota_fino, :giorno, :nota)
    UNION
    SELECT r.a FROM registro.legame r
    WHERE r.comune = t.comune AND r.tipo = 'residente_unita' AND r.da = t.id
      AND r.stato <> 'rifiutato'
      AND registro.vale(r.valida_dal, r.valida_al, r.nota_da, r.nota_fino, :giorno, :nota)
  ) u
  JOIN registro.legame l ON l.comune = t.comune AND l.tipo = 'unita_edificio' AND l.da = u.unita
    AND l.stato <> 'rifiutato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
) e ON true
ORDER BY t.punteggio DESC, t.testo, t.id
LIMIT CAST(:limite AS integer)
