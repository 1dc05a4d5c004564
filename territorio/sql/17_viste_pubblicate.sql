-- What is published: of each object the word of the source that prevails, on the days on which no
-- other prevails over it, and the finished GeoJSON feature. pubblicato.refresh copies the views
-- vista_* into the tables of the collections; it asks for a municipality, or for some objects of
-- it, and both conditions reach the facts. Made anew at every migration; may run twice.
-- Of two sources the office comes first, then the certain word, then the order of their names:
-- the order in which they were loaded must not matter (territorio/prevalenza.py, disegno.sql).
-- The properties end with OFFSET 0: left free, PostgreSQL computes each of them twice, as a column
-- and in the text, and a fifth of the time of a publication goes into codes written again.

DROP VIEW IF EXISTS pubblico.vista_comuni, pubblico.vista_fogli, pubblico.vista_particelle,
  pubblico.vista_edifici, pubblico.vista_civici, pubblico.vista_odonimi,
  pubblico.vista_zone_urbanistiche, pubblico.vista_vincoli, pubblico.vista_aree_pericolosita,
  pubblico.vista_sezioni_censimento, pubblico.vista_statistiche_sezioni,
  pubblico.civico_odonimo,
  pubblico.prevale_confine, pubblico.prevale_foglio, pubblico.prevale_particella,
  pubblico.prevale_edificio, pubblico.prevale_civico, pubblico.prevale_odonimo,
  pubblico.prevale_zona, pubblico.prevale_vincolo, pubblico.prevale_area_pericolosita,
  pubblico.prevale_sezione_censimento;

-- One feature as text: seven decimals are a centimetre, and rings turn as RFC 7946 wants them.
CREATE OR REPLACE FUNCTION pubblico.feature(id bigint, geometria public.geometry, proprieta json)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{"type":"Feature","id":' || id
    || ',"geometry":' || coalesce(public.ST_AsGeoJSON(geometria, 7, 0), 'null')
    || ',"properties":' || proprieta || '}'
$$;

CREATE VIEW pubblico.prevale_confine AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.confine s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_foglio AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.foglio s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_particella AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.particella s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_edificio AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.provvisorio, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.edificio s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_civico AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.civico s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_odonimo AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.odonimo s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_zona AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.zona s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_vincolo AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.vincolo s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.vista_comuni AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_confine t
LEFT JOIN pubblico.comune c ON c.comune = t.comune
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.istat, t.denominazione, c.provincia,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_fogli AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_foglio t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.comune_catastale, t.sezione, t.foglio, t.allegato, t.sviluppo, t.scala,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_particelle AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_particella t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    concat(
      t.comune_catastale, '/', coalesce(nullif(t.sezione, ''), '_'), '/', t.foglio,
      CASE WHEN t.allegato <> '0' OR t.sviluppo <> '0' THEN '.' || t.allegato || t.sviluppo END,
      '/', t.numero, '/' || nullif(t.denominatore, '')
    ) AS riferimento,
    t.comune_catastale, t.sezione, t.foglio, t.allegato, t.sviluppo, t.numero, t.denominatore,
    t.classe, t.area_mq,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_edifici AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_edificio t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.classe, t.provvisorio, t.uso, t.tipo, t.stato, t.piani, t.altezza_m, t.anno, t.area_mq,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p
WHERE t.stato IS DISTINCT FROM 'cessato' AND t.geometria IS NOT NULL;

CREATE VIEW pubblico.vista_odonimi AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_odonimo t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT CAST(NULL AS geometry) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.denominazione, t.localita, t.lingua1, t.lingua2, t.progressivo_nazionale,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

-- House numbers with the name their street bears, on the days on which it bears it.
CREATE VIEW pubblico.civico_odonimo AS
SELECT c.comune, c.id, c.fonte, c.fornitura, c.progressivo_accesso, c.odonimo, c.numero,
  c.esponente, c.specificita, c.metrico, c.geometria, c.giorni * o.giorni AS giorni,
  o.denominazione, o.localita
FROM pubblico.prevale_civico c
JOIN pubblico.prevale_odonimo o
  ON o.comune = c.comune AND o.id = c.odonimo AND o.giorni && c.giorni
UNION ALL
SELECT c.comune, c.id, c.fonte, c.fornitura, c.progressivo_accesso, c.odonimo, c.numero,
  c.esponente, c.specificita, c.metrico, c.geometria, g.giorni, NULL, NULL
FROM pubblico.prevale_civico c
LEFT JOIN (
  SELECT o.comune, o.id, range_agg(o.giorni) AS detti
  FROM pubblico.prevale_odonimo o
  GROUP BY o.comune, o.id
) o ON o.comune = c.comune AND o.id = c.odonimo
CROSS JOIN LATERAL unnest(
  datemultirange(c.giorni) - coalesce(o.detti, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.vista_civici AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.civico_odonimo t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT t.geometria AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    concat(
      t.denominazione, ' ' || coalesce(t.numero::text, 'snc'),
      '/' || nullif(t.esponente, ''), ' ' || nullif(t.specificita, ''),
      ', ' || nullif(t.localita, '')
    ) AS indirizzo,
    t.denominazione AS odonimo, registro.codice(t.odonimo) AS odonimo_codice, t.localita,
    t.numero, t.esponente, t.specificita, t.metrico, t.progressivo_accesso,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_zone_urbanistiche AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_zona t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.sigla, t.zto, t.classe, t.strumento, t.destinazione, t.indice_fondiario, t.norma,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_vincoli AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_vincolo t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.tipo, t.classe, t.denominazione, t.atto, t.data_atto, t.rubrica,
    t.codice_nazionale, t.codice_regionale,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.prevale_area_pericolosita AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.area_pericolosita s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.prevale_sezione_censimento AS
SELECT t.*, g.giorni
FROM (
  SELECT s.*, daterange(s.valida_dal, s.valida_al) AS suoi,
    range_agg(daterange(s.valida_dal, s.valida_al)) OVER (
      PARTITION BY s.comune, s.id
      ORDER BY s.fonte = 'ufficio' DESC, s.fonte, s.valida_dal NULLS FIRST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS altri
  FROM pubblico.sezione_censimento s
) t
CROSS JOIN LATERAL unnest(
  datemultirange(t.suoi) - coalesce(t.altri, datemultirange())
) AS g (giorni);

CREATE VIEW pubblico.vista_aree_pericolosita AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_area_pericolosita t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.fenomeno, t.classe, t.denominazione, t.autorita, t.strumento, t.data_atto,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

CREATE VIEW pubblico.vista_sezioni_censimento AS
SELECT t.id, coalesce(lower(t.giorni), '-infinity') AS dal,
  coalesce(upper(t.giorni), 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM pubblico.prevale_sezione_censimento t
LEFT JOIN registro.fornitura d ON d.id = t.fornitura
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(t.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice,
    t.sezione, t.numero, t.istat, t.tipo_localita, t.localita, t.abitazioni, t.edifici,
    t.fonte, d.data_riferimento, lower(t.giorni) AS valida_dal, upper(t.giorni) AS valida_al
  OFFSET 0
) p;

-- What was counted by section, from the day it was published to the next publication.
CREATE VIEW pubblico.vista_statistiche_sezioni AS
SELECT t.id, t.pubblicazione AS dal, coalesce(t.fino, 'infinity') AS al, p.*, f.geometria,
  pubblico.feature(t.id, f.geometria, row_to_json(p)) AS testo
FROM (
  SELECT s.*, (
    SELECT min(n.pubblicazione) FROM registro.statistica_sezione n
    WHERE n.comune = s.comune AND n.pubblicazione > s.pubblicazione
  ) AS fino
  FROM registro.statistica_sezione s
) t
JOIN pubblico.prevale_sezione_censimento z
  ON z.comune = t.comune AND z.id = t.id AND z.giorni @> t.pubblicazione
CROSS JOIN LATERAL (SELECT ST_ForcePolygonCCW(z.geometria) AS geometria) f
CROSS JOIN LATERAL (
  SELECT t.comune, registro.codice(t.id) AS codice, t.pubblicazione, z.sezione,
    t.edifici, t.civici, t.unita_a, t.unita_b, t.unita_c, t.unita_d, t.unita_e, t.unita_f,
    t.zona_a_mq, t.zona_b_mq, t.zona_c_mq, t.zona_d_mq, t.zona_e_mq, t.zona_f_mq,
    t.zona_altro_mq, t.residenti, t.famiglie,
    'calcolo' AS fonte, t.pubblicazione AS data_riferimento,
    t.pubblicazione AS valida_dal, t.fino AS valida_al
  OFFSET 0
) p;
