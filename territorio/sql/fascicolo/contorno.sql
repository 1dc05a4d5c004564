-- What stands around one building on a day, as known then: the head of the statement of the
-- dossier; the other files of this folder read from it. Reads registro.legame; writes nothing.
-- Parameters: comune, edificio, giorno, nota (a number above all others: all that is known now).
WITH da_edificio AS MATERIALIZED (
  SELECT l.tipo, l.a AS id, l.stato, json_strip_nulls(json_build_object(
    'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
    'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
  )) AS legame
  FROM registro.legame l
  WHERE l.comune = :comune AND l.da = :edificio
    AND l.tipo IN (
      'edificio_particella', 'edificio_zona', 'edificio_vincolo', 'edificio_pericolosita'
    )
    AND l.stato <> 'rifiutato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
),
a_edificio AS MATERIALIZED (
  SELECT l.tipo, l.da AS id, l.stato, l.punteggio, json_strip_nulls(json_build_object(
    'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
    'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
  )) AS legame
  FROM registro.legame l
  WHERE l.comune = :comune AND l.a = :edificio
    AND l.tipo IN ('civico_edificio', 'unita_edificio')
    AND l.stato <> 'rifiutato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
),
particelle AS MATERIALIZED (
  SELECT id, stato, legame FROM da_edificio WHERE tipo = 'edificio_particella'
),
civici AS MATERIALIZED (
  SELECT id, legame FROM a_edificio WHERE tipo = 'civico_edificio'
),
-- A unit belongs to the building it was judged to be in; one not yet judged comes with its
-- parcel. On a link that waits for a person nothing else is built (territorio/collegamento):
-- a corner over the boundary does not bring the neighbour's land.
unita AS MATERIALIZED (
  SELECT id, stato, legame FROM a_edificio WHERE tipo = 'unita_edificio'
  UNION ALL
  (
    SELECT DISTINCT ON (l.da) l.da, l.stato, json_strip_nulls(json_build_object(
    'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
    'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
  )) AS legame
    FROM particelle p
    JOIN registro.legame l ON l.comune = :comune AND l.tipo = 'unita_particella' AND l.a = p.id
      AND l.stato = 'confermato'
      AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
    WHERE p.stato = 'confermato' AND NOT EXISTS (
      SELECT FROM registro.legame d
      WHERE d.comune = :comune AND d.tipo = 'unita_edificio' AND d.da = l.da
        AND d.stato <> 'rifiutato'
        AND registro.vale(d.valida_dal, d.valida_al, d.nota_da, d.nota_fino, :giorno, :nota)
    )
    ORDER BY l.da, l.punteggio DESC, l.a
  )
),
terreni AS MATERIALIZED (
  SELECT l.da AS id, l.a AS particella, json_strip_nulls(json_build_object(
    'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
    'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
  )) AS legame
  FROM particelle p
  JOIN registro.legame l ON l.comune = :comune AND l.tipo = 'terreno_particella' AND l.a = p.id
    AND l.stato = 'confermato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
  WHERE p.stato = 'confermato'
)
