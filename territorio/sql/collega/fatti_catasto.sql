-- Parcels by their key, units and their identifiers and addresses, land parcels, rights.
-- Reads registro.particella, unita_immobiliare; writes temporary tables. The JSON of a
-- unit is taken apart here, once. Parameters: comune.

CREATE TEMPORARY TABLE particelle ON COMMIT DROP AS
SELECT id, daterange(valida_dal, valida_al) AS periodo, comune_catastale, sezione, foglio,
  numero, denominatore, allegato = '0' AND sviluppo = '0' AS intera, fornitura
FROM registro.particella
WHERE comune = :comune AND nota_fino IS NULL AND classe = 'particella';
CREATE INDEX ON pg_temp.particelle (foglio, numero);
ANALYZE pg_temp.particelle;

CREATE TEMPORARY TABLE unita ON COMMIT DROP AS
SELECT versione, id, daterange(valida_dal, valida_al) AS periodo, comune_catastale, sezione,
  categoria, rendita, fornitura,
  -- A dwelling: group A without the offices, or a unit whose category is not stated yet.
  categoria IS NULL OR (categoria LIKE 'A%' AND categoria <> 'A10') AS abitazione,
  -- What may stand in a building of its own beside the house: stores, garages, sheds.
  categoria IN ('C02', 'C06', 'C07') AS pertinenza, superficie_mq,
  upper(coalesce(ubicazione ->> 'interno', '')) AS interno
FROM registro.unita_immobiliare
WHERE comune = :comune AND nota_fino IS NULL;
CREATE INDEX ON pg_temp.unita (id);
ANALYZE pg_temp.unita;

-- The same parcel twice among the identifiers of a unit is one parcel.
CREATE TEMPORARY TABLE identificativi ON COMMIT DROP AS
SELECT u.id AS unita, u.versione, daterange(u.valida_dal, u.valida_al) AS periodo,
  u.comune_catastale, u.sezione, u.fornitura, i.n::integer AS n,
  coalesce(i.gruppo ->> 'sezione_urbana', '') AS sezione_urbana,
  i.gruppo ->> 'foglio' AS foglio, i.gruppo ->> 'numero' AS numero,
  coalesce(i.gruppo ->> 'denominatore', '') AS denominatore,
  coalesce(i.gruppo ->> 'subalterno', '') AS subalterno
FROM registro.unita_immobiliare AS u
CROSS JOIN LATERAL jsonb_array_elements(u.identificativi) WITH ORDINALITY AS i (gruppo, n)
WHERE u.comune = :comune AND u.nota_fino IS NULL;
CREATE INDEX ON pg_temp.identificativi (foglio, numero);
ANALYZE pg_temp.identificativi;

-- The last address of a unit is the most recent (catasto.md §3.3).
CREATE TEMPORARY TABLE indirizzi ON COMMIT DROP AS
SELECT u.id AS unita, daterange(u.valida_dal, u.valida_al) AS periodo, u.fornitura,
  i.n = jsonb_array_length(u.indirizzi) AS recente,
  (i.n * 10 + coalesce(c.n, 0))::integer AS gruppo,
  coalesce(i.voce ->> 'toponimo', '') AS toponimo,
  coalesce(i.voce ->> 'indirizzo', '') AS indirizzo, coalesce(c.testo, '') AS testo
FROM registro.unita_immobiliare AS u
CROSS JOIN LATERAL jsonb_array_elements(u.indirizzi) WITH ORDINALITY AS i (voce, n)
LEFT JOIN LATERAL jsonb_array_elements_text(i.voce -> 'civici') WITH ORDINALITY AS c (testo, n)
  ON c.testo <> ''
WHERE u.comune = :comune AND u.nota_fino IS NULL AND jsonb_typeof(u.indirizzi) = 'array';
ANALYZE pg_temp.indirizzi;

CREATE TEMPORARY TABLE titoli ON COMMIT DROP AS
SELECT soggetto, unita, daterange(valida_dal, valida_al) AS periodo, fornitura
FROM persone.titolarita
WHERE comune = :comune AND nota_fino IS NULL AND soggetto IS NOT NULL AND unita IS NOT NULL;
ANALYZE pg_temp.titoli;
