-- A municipality with a million buildings, written straight into the tables of facts: what is
-- measured is what reads them. Same numbers, same municipality.
-- Its ground is cut into sheets of a square kilometre; some have many buildings, most have few,
-- and those near a town have many: so many that a square of the map at zoom 14 holds 660 of them
-- where the median building stands, and 1,700 where the densest tenth stands (specs/misure.md).
-- The parcels of a sheet tile it; five of six bear a building, and buildings have numbers.
-- Writes registro.*; works on an empty database alone.
-- Parameters: edifici, particelle, civici (how many); lato (sheets to the side of the whole).

SELECT setseed(0.5);

INSERT INTO registro.comune (comune, denominazione, istat, provincia, utm, inventato)
VALUES ('X999', 'Borgo Sereno', '999999', 'XX', 7791, true);

INSERT INTO registro.comune_catastale (comune, comune_catastale) VALUES ('X999', 'X999');

INSERT INTO registro.fonte (codice, titolo, editore, licenza, cadenza, conserva_giorni, persone)
VALUES ('banco', 'Fonte del banco', 'Ente inventato', 'CC0', 'annuale', 3650, false);

INSERT INTO registro.registrazione (numero, quando, comune, causa, autore)
VALUES (1, clock_timestamp(), 'X999', 'fornitura', 'banco');

INSERT INTO registro.fornitura (comune, fonte, sha256, nome, byte, data_riferimento, registrazione)
VALUES ('X999', 'banco', repeat('0', 64), 'banco', 1, '2025-01-01', 1);

-- What every fact of this delivery has.
CREATE TEMPORARY TABLE comuni_a_tutti AS
SELECT CAST('X999' AS char(4)) AS comune, 'banco' AS fonte, CAST(1 AS bigint) AS nota_da,
  f.id AS fornitura
FROM registro.fornitura f;

-- A metre, in degrees, where the municipality lies.
CREATE TEMPORARY TABLE metro AS
SELECT 15.4 AS lon, 40.2 AS lat, 1 / (111320 * cos(radians(40.5))) AS kx, 1 / 111132.0 AS ky;

CREATE TEMPORARY TABLE paese AS
SELECT random() * :lato AS x, random() * :lato AS y, 0.2 + random() ^ 4 AS peso
FROM generate_series(1, CAST(:lato AS int) * CAST(:lato AS int) / 60);

-- The sheets, in the order in which towns thin out, with as many buildings as that place among
-- them has in a country (a lognormal law; the logistic curve stands for the normal one).
CREATE TEMPORARY TABLE quadro AS
SELECT t.i, t.j, row_number() OVER (ORDER BY t.i, t.j) AS foglio, t.densita,
  CAST(greatest(2, round(sqrt(t.densita * :particelle / :edifici * t.scala))) AS int) AS lato,
  registro.nuovo_id() AS id, registro.nuovo_id() AS odonimo
FROM (
  SELECT r.i, r.j, r.densita, 1.02 * :edifici / sum(r.densita) OVER () AS scala
  FROM (
    SELECT i, j, exp(4.87 + 0.58 * ln(p.parte / (1 - p.parte)) / 1.702) AS densita
    FROM (
      SELECT i, j, (row_number() OVER (ORDER BY c.campo) - 0.5) / count(*) OVER () AS parte
      FROM generate_series(0, CAST(:lato AS int) - 1) AS i,
        generate_series(0, CAST(:lato AS int) - 1) AS j,
        LATERAL (
          SELECT sum(peso * exp(-sqrt((x - i) ^ 2 + (y - j) ^ 2) / (0.6 + 3 * peso))) AS campo
          FROM paese
        ) AS c
    ) AS p
  ) AS r
) AS t;

-- A corner of a parcel: on the grid of its sheet, shifted a little inside it.
CREATE FUNCTION pg_temp.angolo(foglio bigint, a int, b int, lato int) RETURNS geometry
LANGUAGE sql IMMUTABLE AS $$
  SELECT ST_MakePoint(
    (a + CASE WHEN a % lato = 0 OR b % lato = 0 THEN 0
      ELSE (hashint8(foglio * 1000003 + a * 1009 + b) % 1000) * CAST(0.0002 AS float8) END) / lato,
    (b + CASE WHEN a % lato = 0 OR b % lato = 0 THEN 0
      ELSE (hashint8(foglio * 1000033 + b * 1013 + a) % 1000) * CAST(0.0002 AS float8) END) / lato
  )
$$;

CREATE TEMPORARY TABLE lotto AS
SELECT q.foglio, q.odonimo, q.lato, a, b, a * q.lato + b + 1 AS numero,
  registro.nuovo_id() AS id,
  m.lon + (q.i + (a + 0.5) / q.lato) * 1000 * m.kx AS x,
  m.lat + (q.j + (b + 0.5) / q.lato) * 1000 * m.ky AS y,
  ST_SetSRID(ST_Affine(
    ST_MakePolygon(ST_MakeLine(ARRAY[
      pg_temp.angolo(q.foglio, a, b, q.lato), pg_temp.angolo(q.foglio, a + 1, b, q.lato),
      pg_temp.angolo(q.foglio, a + 1, b + 1, q.lato), pg_temp.angolo(q.foglio, a, b + 1, q.lato),
      pg_temp.angolo(q.foglio, a, b, q.lato)
    ])),
    1000 * m.kx, 0, 0, 1000 * m.ky, m.lon + q.i * 1000 * m.kx, m.lat + q.j * 1000 * m.ky
  ), 6706) AS geometria
FROM (SELECT * FROM quadro ORDER BY densita DESC) AS q
CROSS JOIN metro AS m
CROSS JOIN LATERAL generate_series(0, q.lato - 1) AS a
CROSS JOIN LATERAL generate_series(0, q.lato - 1) AS b
LIMIT :particelle;

CREATE TEMPORARY TABLE casa AS
SELECT l.foglio, l.odonimo, l.numero AS particella, l.x, l.y, 1000.0 / l.lato AS cella,
  registro.nuovo_id() AS id, random() AS r1, random() AS r2, random() AS r3, random() AS r4,
  random() AS r5, random() AS r6, random() AS r7
FROM (SELECT * FROM lotto ORDER BY hashint8(id) LIMIT :edifici) AS l
ORDER BY l.foglio, l.numero;

CREATE TEMPORARY TABLE porta AS
SELECT c.foglio, c.odonimo, c.x, c.y, c.cella, registro.nuovo_id() AS id,
  row_number() OVER (PARTITION BY c.foglio ORDER BY c.particella, n) AS numero, n
FROM (
  SELECT c.*, row_number() OVER (ORDER BY hashint8(c.id)) AS posto FROM casa AS c
) AS c
CROSS JOIN generate_series(1, 2) AS n
WHERE n = 1 OR c.posto <= CAST(:civici AS int) - CAST(:edifici AS int);

INSERT INTO registro.identita (id, tipo, comune)
SELECT id, 'foglio', 'X999' FROM quadro
UNION ALL SELECT odonimo, 'odonimo', 'X999' FROM quadro
UNION ALL SELECT id, 'particella', 'X999' FROM lotto
UNION ALL SELECT id, 'edificio', 'X999' FROM casa
UNION ALL SELECT id, 'civico', 'X999' FROM porta;

INSERT INTO registro.confine (comune, fonte, nota_da, fornitura, id, impronta, istat,
  denominazione, geometria)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, registro.nuovo_id(), 0, '999999',
  'Borgo Sereno', ST_MakeEnvelope(
    m.lon, m.lat, m.lon + :lato * 1000 * m.kx, m.lat + :lato * 1000 * m.ky, 6706)
FROM comuni_a_tutti AS t, metro AS m;

INSERT INTO registro.identita (id, tipo, comune)
SELECT id, 'confine', comune FROM registro.confine;

INSERT INTO registro.foglio (comune, fonte, nota_da, fornitura, id, impronta, comune_catastale,
  sezione, foglio, allegato, sviluppo, scala, geometria)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, q.id, q.foglio, 'X999', '',
  CAST(q.foglio AS text), '0', '0', 2000, ST_MakeEnvelope(
    m.lon + q.i * 1000 * m.kx, m.lat + q.j * 1000 * m.ky,
    m.lon + (q.i + 1) * 1000 * m.kx, m.lat + (q.j + 1) * 1000 * m.ky, 6706)
FROM quadro AS q, comuni_a_tutti AS t, metro AS m
ORDER BY q.foglio;

INSERT INTO registro.particella (comune, fonte, nota_da, fornitura, id, impronta,
  comune_catastale, sezione, foglio, allegato, sviluppo, numero, denominatore, classe, geometria)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, l.id, l.id, 'X999', '',
  CAST(l.foglio AS text), '0', '0', CAST(l.numero AS text), '', 'particella', l.geometria
FROM lotto AS l, comuni_a_tutti AS t
ORDER BY l.foglio, l.numero;

INSERT INTO registro.odonimo (comune, fonte, nota_da, fornitura, id, impronta,
  progressivo_nazionale, codice_comunale, denominazione, localita, chiave_odonimo)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, q.odonimo, q.foglio, 900000 + q.foglio,
  CAST(q.foglio AS text), n.nome, '', n.nome
FROM quadro AS q
CROSS JOIN comuni_a_tutti AS t
CROSS JOIN LATERAL (
  SELECT concat(
    (ARRAY['VIA', 'VIA', 'VIA', 'VIALE', 'VICOLO', 'STRADA'])[q.foglio % 6 + 1], ' ',
    (ARRAY['DEL CILIEGIO', 'DELLA FONTE', 'DEL MULINO', 'DEI MANDORLI', 'DELLA SELVA',
      'DEL COLLE', 'DELLE GINESTRE'])[q.foglio % 7 + 1], ' ',
    (ARRAY['ALTO', 'BASSO', 'ANTICO', 'NUOVO', 'LUNGO'])[q.foglio % 5 + 1], ' ', q.foglio
  ) AS nome
) AS n
ORDER BY q.foglio;

-- Rectangles and shapes of an L, turned, well inside their parcels.
INSERT INTO registro.edificio (comune, fonte, nota_da, fornitura, id, impronta, valida_dal,
  codice_fonte, provvisorio, uso, tipo, stato, piani, altezza_m, anno, interrato, geometria)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, c.id, c.id,
  CASE WHEN c.r7 < 0.3 THEN CAST('2015-01-01' AS date) + CAST(c.r1 * 3000 AS int) END,
  concat('edifc.', c.id), false,
  CASE WHEN c.r5 < 0.7 THEN '0101' WHEN c.r5 < 0.78 THEN '0701' WHEN c.r5 < 0.85 THEN '0801'
    WHEN c.r5 < 0.9 THEN '0901' END,
  lpad(CAST(1 + CAST(c.r3 * 8 AS int) AS text), 2, '0'), '03', p.piani,
  round(CAST(p.piani * 3.1 + c.r2 AS numeric), 2),
  CASE WHEN c.r4 < 0.9 THEN 1850 + CAST(c.r4 * 190 AS int) END, false,
  ST_SetSRID(ST_Affine(
    ST_MakePolygon(ST_MakeLine(CASE WHEN c.r6 < 0.6 THEN ARRAY[
      ST_MakePoint(-f.w, -f.h), ST_MakePoint(f.w, -f.h), ST_MakePoint(f.w, f.h),
      ST_MakePoint(-f.w, f.h), ST_MakePoint(-f.w, -f.h)
    ] ELSE ARRAY[
      ST_MakePoint(-f.w, -f.h), ST_MakePoint(f.w, -f.h), ST_MakePoint(f.w, f.h * f.corto),
      ST_MakePoint(f.w * f.stretto, f.h * f.corto), ST_MakePoint(f.w * f.stretto, f.h),
      ST_MakePoint(-f.w, f.h), ST_MakePoint(-f.w, -f.h)
    ] END)),
    cos(f.giro) * m.kx, -sin(f.giro) * m.kx, sin(f.giro) * m.ky, cos(f.giro) * m.ky, c.x, c.y
  ), 6706)
FROM casa AS c
CROSS JOIN comuni_a_tutti AS t
CROSS JOIN metro AS m
CROSS JOIN LATERAL (SELECT CAST(1 + c.r3 * c.r3 * 6 AS int) AS piani) AS p
CROSS JOIN LATERAL (
  SELECT least(25, c.cella * (0.1 + 0.11 * c.r1)) AS w,
    least(20, c.cella * (0.1 + 0.11 * c.r2)) AS h, (c.r3 - 0.5) * 1.2 AS giro,
    0.6 * c.r4 - 0.3 AS corto, 0.6 * c.r5 - 0.3 AS stretto
) AS f
ORDER BY c.foglio, c.particella;

INSERT INTO registro.civico (comune, fonte, nota_da, fornitura, id, impronta,
  progressivo_accesso, numero, esponente, specificita, metodo, geometria, odonimo)
SELECT t.comune, t.fonte, t.nota_da, t.fornitura, p.id, p.id, p.id, p.numero, '', '', 1,
  ST_SetSRID(ST_MakePoint(p.x + (p.n - 1.5) * p.cella * 0.1 * m.kx,
    p.y - p.cella * 0.1 * m.ky), 6706),
  p.odonimo
FROM porta AS p, comuni_a_tutti AS t, metro AS m
ORDER BY p.foglio, p.numero
