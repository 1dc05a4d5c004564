-- Streets, house numbers and named places by words. Reads registro.ricerca; writes nothing.
-- Without a number the streets themselves; with one their house numbers, exact first, then
-- those that begin with the same digits, and the street for who mistook the number.
-- What begins as was typed comes first; what holds or resembles it is looked for only where
-- little does: of a large town thousands of names resemble two letters. How alike they must be
-- is set by who asks.
-- Parameters: parole (normal form, no kind of street), piane (the words as they are, since half
-- a word may be a number in letters), dopo_parole and dopo_piane (a text after all that begin
-- with them; dopo_piane empty where both are the same words), intero (with the kind of street),
-- numero, esponente, numeri (the number and those that begin with it), comuni (array, empty for
-- all), limite, abbastanza (so many that begin with the words are enough).
WITH pesati AS (
  -- Of what begins with one letter not all is weighed: of each municipality the first so many
  -- in the order of the alphabet, whole words before longer ones.
  SELECT least(1000, greatest(40, 3000 / greatest(count(*), 1))) FROM registro.comune
),
iniziano AS MATERIALIZED (
  SELECT i.*, CAST(0.96 AS double precision)
      + CAST(CASE WHEN i.chiave = :parole THEN 0.04 ELSE 0 END AS double precision)
      - CAST(CASE WHEN starts_with(upper(i.testo), split_part(:intero, ' ', 1)) THEN 0
          ELSE 0.02 END AS double precision) AS punteggio
  FROM (
    SELECT r.*
    FROM registro.comune k
    -- Municipality by municipality: only so both columns of the index are asked for.
    CROSS JOIN LATERAL (
      (
        SELECT r.comune, r.tipo, r.id, r.testo, r.edificio, r.lon, r.lat, r.chiave
        FROM registro.ricerca r
        WHERE r.comune = k.comune
          AND r.chiave ~>=~ CAST(:parole AS text) AND r.chiave ~<~ CAST(:dopo_parole AS text)
        ORDER BY r.chiave USING ~<~
        LIMIT (TABLE pesati)
      )
      UNION ALL
      (
        SELECT r.comune, r.tipo, r.id, r.testo, r.edificio, r.lon, r.lat, r.chiave
        FROM registro.ricerca r
        WHERE CAST(:dopo_piane AS text) <> '' AND r.comune = k.comune
          AND r.chiave ~>=~ CAST(:piane AS text) AND r.chiave ~<~ CAST(:dopo_piane AS text)
          AND NOT (
            r.chiave ~>=~ CAST(:parole AS text) AND r.chiave ~<~ CAST(:dopo_parole AS text)
          )
        ORDER BY r.chiave USING ~<~
        LIMIT (TABLE pesati)
      )
    ) r
    WHERE cardinality(CAST(:comuni AS text[])) = 0 OR k.comune = ANY(CAST(:comuni AS text[]))
  ) i
  ORDER BY punteggio DESC, length(i.chiave), i.testo, i.id
  LIMIT 40
),
simili AS MATERIALIZED (
  SELECT r.*,
    -- Mostly both are the same words, and to compare them once is half the cost of a search.
    least(1.0, 0.9 * greatest(
        public.word_similarity(:parole, r.chiave),
        CASE WHEN CAST(:piane AS text) <> CAST(:parole AS text)
          THEN public.word_similarity(:piane, r.chiave) END)
      + CASE WHEN position(' ' || :parole IN ' ' || r.chiave) > 0 THEN 0.03 ELSE 0 END
      - CASE WHEN starts_with(upper(r.testo), split_part(:intero, ' ', 1))
          THEN 0 ELSE 0.02 END
    ) AS punteggio
  FROM (
    SELECT r.comune, r.tipo, r.id, r.testo, r.edificio, r.lon, r.lat, r.chiave
    FROM registro.ricerca r
    WHERE (r.chiave OPERATOR(public.%>) :parole OR r.chiave OPERATOR(public.%>) :piane)
      AND (cardinality(CAST(:comuni AS text[])) = 0 OR r.comune = ANY(CAST(:comuni AS text[])))
      AND (SELECT count(*) FROM iniziano) < CAST(:abbastanza AS integer)
  ) r
  WHERE NOT EXISTS (
    SELECT FROM iniziano i WHERE i.comune = r.comune AND i.tipo = r.tipo AND i.id = r.id
  )
  ORDER BY punteggio DESC, length(r.chiave), r.testo, r.id
  LIMIT 40
),
vie AS (
  TABLE iniziano UNION ALL TABLE simili
)
SELECT v.comune, v.tipo, v.id, v.testo, v.edificio, v.lon, v.lat,
  v.punteggio * CASE WHEN CAST(:numero AS integer) IS NULL THEN 1 ELSE 0.7 END AS punteggio
FROM vie v
UNION ALL
SELECT c.comune, c.tipo, c.id, c.testo, c.edificio, c.lon, c.lat,
  v.punteggio * CASE
    WHEN c.numero = CAST(:numero AS integer) AND c.esponente = :esponente THEN 1.0
    WHEN c.numero = CAST(:numero AS integer) AND starts_with(c.esponente, :esponente) THEN 0.98
    WHEN c.numero = CAST(:numero AS integer) THEN 0.9
    ELSE 0.8 END
FROM vie v
JOIN registro.ricerca c ON c.comune = v.comune AND c.gruppo = v.id
WHERE v.tipo = 'odonimo' AND CAST(:numero AS integer) IS NOT NULL
  AND c.numero = ANY(CAST(:numeri AS integer[]))
ORDER BY punteggio DESC, testo, id
LIMIT CAST(:limite AS integer)
