-- Households at their house number, the dwellings there, and the rights the households hold.
-- Reads residenze, unita, persone, titoli, attesi (residente_civico, unita_civico,
-- civico_edificio, unita_edificio); makes nuclei, case_al_civico, titoli_nucleo.
--
-- A household lives in one dwelling: it is placed as a whole, not person by person.

CREATE TEMPORARY TABLE nuclei ON COMMIT DROP AS
SELECT nucleo, civico, interno, convivenza, unnest(range_agg(periodo)) AS periodo,
  min(forniture) AS forniture
FROM (
  SELECT r.nucleo, rc.a AS civico, ltrim(r.interno, '0') AS interno, r.convivenza,
    r.periodo * rc.periodo AS periodo, rc.forniture
  FROM pg_temp.residenze AS r
  JOIN pg_temp.attesi AS rc ON rc.da = r.soggetto AND rc.periodo && r.periodo
  WHERE rc.tipo = 'residente_civico' AND rc.stato = 'confermato'
) AS membri
GROUP BY nucleo, civico, interno, convivenza;
ANALYZE pg_temp.nuclei;

CREATE TEMPORARY TABLE case_al_civico ON COMMIT DROP AS
WITH abitazioni AS (
  SELECT id, ltrim(interno, '0') AS interno, unnest(range_agg(periodo)) AS periodo
  FROM pg_temp.unita WHERE abitazione GROUP BY id, interno
),
al_civico AS (
  SELECT a.id AS unita, uc.a AS civico, a.interno, a.periodo * uc.periodo AS periodo,
    uc.forniture, true AS diretta
  FROM abitazioni AS a
  JOIN pg_temp.attesi AS uc ON uc.da = a.id AND uc.periodo && a.periodo
  WHERE uc.tipo = 'unita_civico' AND uc.stato = 'confermato'
),
nell_edificio AS (
  SELECT a.id AS unita, ce.da AS civico, a.interno, a.periodo * ue.periodo * ce.periodo AS periodo,
    ue.forniture || ce.forniture AS forniture, false AS diretta
  FROM abitazioni AS a
  JOIN pg_temp.attesi AS ue ON ue.da = a.id AND ue.periodo && a.periodo
  JOIN pg_temp.attesi AS ce ON ce.a = ue.a AND ce.periodo && ue.periodo * a.periodo
  WHERE ue.tipo = 'unita_edificio' AND ue.stato = 'confermato'
    AND ce.tipo = 'civico_edificio' AND ce.stato = 'confermato'
),
tutte AS (
  SELECT * FROM al_civico
  UNION ALL
  SELECT e.* FROM nell_edificio AS e
  WHERE NOT EXISTS (
    SELECT FROM al_civico AS c
    WHERE c.unita = e.unita AND c.civico = e.civico AND c.periodo @> e.periodo
  )
)
SELECT tutte.*, quante.dirette, quante.totali
FROM tutte
JOIN (
  SELECT civico, count(DISTINCT unita) FILTER (WHERE diretta) AS dirette,
    count(DISTINCT unita) AS totali
  FROM tutte GROUP BY civico
) AS quante USING (civico);
CREATE INDEX ON pg_temp.case_al_civico (civico);
ANALYZE pg_temp.case_al_civico;

CREATE TEMPORARY TABLE titoli_nucleo ON COMMIT DROP AS
SELECT nucleo, unita, unnest(range_agg(periodo)) AS periodo, min(fornitura) AS fornitura
FROM (
  SELECT r.nucleo, t.unita, r.periodo * t.periodo AS periodo, t.fornitura
  FROM pg_temp.residenze AS r
  JOIN pg_temp.persone AS io ON io.soggetto = r.soggetto
  JOIN pg_temp.persone AS titolare ON titolare.persona = io.persona
  JOIN pg_temp.titoli AS t ON t.soggetto = titolare.soggetto AND t.periodo && r.periodo
) AS tutti
GROUP BY nucleo, unita;
CREATE INDEX ON pg_temp.titoli_nucleo (nucleo, unita);
ANALYZE pg_temp.titoli_nucleo;
