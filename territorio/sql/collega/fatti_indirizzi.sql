-- Civici with a number comparable across sources, and where people say they live.
-- Reads registro.civico, persone.residenza; writes temporary tables.
-- Parameters: comune, ufficio (the fonte of what operators write: it prevails).
--
-- `coda`: exponent and initial of the colour, as NumeroCivico.coda.

CREATE TEMPORARY TABLE civici ON COMMIT DROP AS
SELECT c.id, resto.periodo, c.odonimo, c.numero,
  regexp_replace(upper(c.esponente), '[^A-Z0-9]', '', 'g') || left(c.specificita, 1) AS coda,
  c.geometria, c.fornitura
FROM (
  SELECT *, daterange(valida_dal, valida_al) AS periodo,
    range_agg(daterange(valida_dal, valida_al)) OVER (
      PARTITION BY id ORDER BY fonte = :ufficio DESC, valida_dal DESC NULLS LAST, fonte, impronta
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS coperto
  FROM registro.civico
  WHERE comune = :comune AND nota_fino IS NULL
) AS c
CROSS JOIN LATERAL unnest(
  datemultirange(c.periodo) - coalesce(c.coperto, '{}'::datemultirange)
) AS resto (periodo)
-- As in the other layers, neighbours in space on the same page.
ORDER BY c.geometria;
CREATE INDEX ON pg_temp.civici (odonimo, numero);
ANALYZE pg_temp.civici;

-- A household; a person without one is a household of one.
CREATE TEMPORARY TABLE residenze ON COMMIT DROP AS
SELECT soggetto, coalesce(famiglia, soggetto) AS nucleo, convivenza,
  daterange(valida_dal, valida_al) AS periodo, codice_via, chiave_odonimo AS chiave, numero,
  regexp_replace(upper(coalesce(esponente, '')), '[^A-Z0-9]', '', 'g') AS coda,
  upper(coalesce(interno, '')) AS interno, fornitura
FROM persone.residenza
WHERE comune = :comune AND nota_fino IS NULL AND soggetto IS NOT NULL;
ANALYZE pg_temp.residenze;

-- What a valid code says of a person's birth counts like what the source says beside it: some
-- give the code alone. It has two digits for the year; letters stand for digits where two
-- persons would have had one code; women have 40 added to the day.
CREATE TEMPORARY TABLE soggetti ON COMMIT DROP AS
WITH scritti AS (
  SELECT id, daterange(valida_dal, valida_al) AS periodo, fornitura, tipo, data_nascita,
    upper(sesso) AS sesso, upper(luogo_nascita) AS luogo, impronta,
    CASE WHEN codice_valido THEN upper(codice_fiscale) END AS codice_fiscale,
    regexp_replace(
      upper(unaccent(concat_ws(' ', cognome, nome, denominazione))), '[^A-Z0-9]+', ' ', 'g'
    ) AS nome
  FROM persone.soggetto
  WHERE comune = :comune AND nota_fino IS NULL
),
letti AS (
  SELECT *, translate(substr(codice_fiscale, 7, 2), 'LMNPQRSTUV', '0123456789') AS anno,
    strpos('ABCDEHLMPRST', substr(codice_fiscale, 9, 1)) AS mese,
    translate(substr(codice_fiscale, 10, 2), 'LMNPQRSTUV', '0123456789')::integer AS giorno,
    substr(codice_fiscale, 12, 1)
      || translate(substr(codice_fiscale, 13, 3), 'LMNPQRSTUV', '0123456789') AS comune_nascita
  FROM scritti WHERE length(codice_fiscale) = 16
)
SELECT s.*,
  coalesce(
    to_char(s.data_nascita, 'YYMMDD'),
    l.anno || to_char(l.mese, 'FM00') || to_char(l.giorno % 40, 'FM00')
  ) AS nascita,
  coalesce(l.comune_nascita, s.luogo) AS nato_a,
  CASE WHEN l.giorno > 40 THEN 'F' WHEN l.giorno <= 40 THEN 'M' ELSE s.sesso END AS genere
FROM scritti AS s
LEFT JOIN letti AS l ON l.id = s.id AND l.periodo = s.periodo AND l.impronta = s.impronta;
CREATE INDEX ON pg_temp.soggetti (codice_fiscale);
ANALYZE pg_temp.soggetti;
