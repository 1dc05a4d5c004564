-- What is in each census section of a municipality on a day, as known now: buildings, house
-- numbers, units by group of categories, the area of each class of zone; and who lives there,
-- which leaves this statement only towards opendata/conteggi.py.
-- Reads the public views, registro.legame, registro.unita_immobiliare, persone.residenza; writes
-- nothing. Parameters: comune, giorno.
WITH sezioni AS MATERIALIZED (
  SELECT z.id, z.geometria
  FROM pubblico.prevale_sezione_censimento z
  WHERE z.comune = :comune AND z.giorni @> CAST(:giorno AS date) AND z.geometria IS NOT NULL
),
legami AS MATERIALIZED (
  SELECT l.tipo, l.da, l.a, l.punteggio
  FROM registro.legame l
  WHERE l.comune = :comune AND l.stato = 'confermato' AND l.nota_fino IS NULL
    AND l.tipo IN ('unita_edificio', 'residente_unita', 'residente_civico', 'civico_edificio')
    AND (l.valida_dal IS NULL OR l.valida_dal <= :giorno)
    AND (l.valida_al IS NULL OR l.valida_al > :giorno)
),
edifici AS MATERIALIZED (
  SELECT DISTINCT ON (e.id) e.id, s.id AS sezione
  FROM (
    SELECT t.id, ST_PointOnSurface(t.geometria) AS punto
    FROM pubblico.prevale_edificio t
    WHERE t.comune = :comune AND t.giorni @> CAST(:giorno AS date)
      AND t.stato IS DISTINCT FROM 'cessato' AND t.geometria IS NOT NULL
    OFFSET 0
  ) e
  JOIN sezioni s ON ST_Intersects(s.geometria, e.punto)
  ORDER BY e.id, s.id
),
civici AS MATERIALIZED (
  SELECT DISTINCT ON (c.id) c.id, s.id AS sezione
  FROM (
    SELECT t.id, t.geometria
    FROM pubblico.prevale_civico t
    WHERE t.comune = :comune AND t.giorni @> CAST(:giorno AS date) AND t.geometria IS NOT NULL
    OFFSET 0
  ) c
  JOIN sezioni s ON ST_Intersects(s.geometria, c.geometria)
  ORDER BY c.id, s.id
),
unita AS MATERIALIZED (
  SELECT DISTINCT ON (t.id) t.id, e.sezione, lower(left(t.categoria, 1)) AS gruppo
  FROM legami l
  JOIN edifici e ON l.tipo = 'unita_edificio' AND e.id = l.a
  JOIN registro.unita_immobiliare t ON t.comune = :comune AND t.id = l.da AND t.nota_fino IS NULL
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte = 'ufficio' DESC, t.fonte, e.id
),
zone AS MATERIALIZED (
  SELECT s.id AS sezione, lower(t.classe) AS classe,
    sum(ST_Area(ST_Transform(ST_Intersection(s.geometria, t.geometria), 6933))) AS mq
  FROM sezioni s
  JOIN pubblico.prevale_zona t ON t.comune = :comune AND t.giorni @> CAST(:giorno AS date)
    AND t.geometria && s.geometria AND ST_Intersects(t.geometria, s.geometria)
  GROUP BY s.id, lower(t.classe)
),
-- Where each person lives, by the surest link: in a unit of a building, else at a house number.
case_ AS MATERIALIZED (
  SELECT DISTINCT ON (v.soggetto) v.soggetto, v.sezione, v.casa
  FROM (
    SELECT r.da AS soggetto, e.sezione, e.id AS casa, 0 AS dopo, r.punteggio
    FROM legami r
    JOIN legami u ON u.tipo = 'unita_edificio' AND u.da = r.a
    JOIN edifici e ON e.id = u.a
    WHERE r.tipo = 'residente_unita'
    UNION ALL
    SELECT r.da, coalesce(e.sezione, c.sezione), coalesce(e.id, c.id), 1, r.punteggio
    FROM legami r
    JOIN civici c ON c.id = r.a
    LEFT JOIN legami k ON k.tipo = 'civico_edificio' AND k.da = c.id
    LEFT JOIN edifici e ON e.id = k.a
    WHERE r.tipo = 'residente_civico'
  ) v
  ORDER BY v.soggetto, v.dopo, v.punteggio DESC, v.casa
),
persone AS MATERIALIZED (
  SELECT c.sezione, count(DISTINCT t.soggetto) AS residenti,
    count(DISTINCT coalesce(t.famiglia, -t.id)) AS famiglie, count(DISTINCT c.casa) AS case_
  FROM case_ c
  JOIN persone.residenza t ON t.comune = :comune AND t.soggetto = c.soggetto
    AND t.nota_fino IS NULL AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  GROUP BY c.sezione
)
SELECT s.id, coalesce(e.n, 0) AS edifici, coalesce(c.n, 0) AS civici,
  coalesce(u.a, 0) AS unita_a, coalesce(u.b, 0) AS unita_b, coalesce(u.c, 0) AS unita_c,
  coalesce(u.d, 0) AS unita_d, coalesce(u.e, 0) AS unita_e, coalesce(u.f, 0) AS unita_f,
  coalesce(z.a, 0) AS zona_a_mq, coalesce(z.b, 0) AS zona_b_mq, coalesce(z.c, 0) AS zona_c_mq,
  coalesce(z.d, 0) AS zona_d_mq, coalesce(z.e, 0) AS zona_e_mq, coalesce(z.f, 0) AS zona_f_mq,
  coalesce(z.altro, 0) AS zona_altro_mq,
  coalesce(p.residenti, 0) AS residenti, coalesce(p.famiglie, 0) AS famiglie,
  coalesce(p.case_, 0) AS case_abitate
FROM sezioni s
LEFT JOIN (SELECT sezione, count(*) AS n FROM edifici GROUP BY sezione) e ON e.sezione = s.id
LEFT JOIN (SELECT sezione, count(*) AS n FROM civici GROUP BY sezione) c ON c.sezione = s.id
LEFT JOIN (
  SELECT sezione, count(*) FILTER (WHERE gruppo = 'a') AS a,
    count(*) FILTER (WHERE gruppo = 'b') AS b, count(*) FILTER (WHERE gruppo = 'c') AS c,
    count(*) FILTER (WHERE gruppo = 'd') AS d, count(*) FILTER (WHERE gruppo = 'e') AS e,
    count(*) FILTER (WHERE gruppo = 'f') AS f
  FROM unita GROUP BY sezione
) u ON u.sezione = s.id
LEFT JOIN (
  SELECT sezione, round(sum(mq) FILTER (WHERE classe = 'a')) AS a,
    round(sum(mq) FILTER (WHERE classe = 'b')) AS b,
    round(sum(mq) FILTER (WHERE classe = 'c')) AS c,
    round(sum(mq) FILTER (WHERE classe = 'd')) AS d,
    round(sum(mq) FILTER (WHERE classe = 'e')) AS e,
    round(sum(mq) FILTER (WHERE classe = 'f')) AS f,
    round(sum(mq) FILTER (WHERE classe = 'altro')) AS altro
  FROM zone GROUP BY sezione
) z ON z.sezione = s.id
LEFT JOIN persone p ON p.sezione = s.id
ORDER BY s.id
