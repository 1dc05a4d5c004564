-- What of the published collections lies in a drawn area on a day, with the m² they share.
-- Reads the published collections; writes nothing. Parameters: area (GeoJSON), giorno,
-- raccolte (names), limite (rows at most). Areas are measured on the ellipsoid (EPSG:6933).
WITH disegnata AS MATERIALIZED (
  SELECT ST_SetSRID(ST_MakeValid(ST_Force2D(ST_GeomFromGeoJSON(:area))), 6706) AS area
),
trovati AS (
  SELECT 'particelle' AS raccolta, t.id, t.codice, t.riferimento AS nome, t.classe, t.geometria
  FROM pubblico.particelle t
  WHERE t.dal <= CAST(:giorno AS date) AND t.al > CAST(:giorno AS date)
    AND 'particelle' = ANY (CAST(:raccolte AS text[]))
    AND t.geometria && (SELECT area FROM disegnata)
  UNION ALL
  SELECT 'edifici', t.id, t.codice, NULL, t.classe, t.geometria
  FROM pubblico.edifici t
  WHERE t.dal <= CAST(:giorno AS date) AND t.al > CAST(:giorno AS date)
    AND 'edifici' = ANY (CAST(:raccolte AS text[]))
    AND t.geometria && (SELECT area FROM disegnata)
  UNION ALL
  SELECT 'zone_urbanistiche', t.id, t.codice, t.sigla, t.classe, t.geometria
  FROM pubblico.zone_urbanistiche t
  WHERE t.dal <= CAST(:giorno AS date) AND t.al > CAST(:giorno AS date)
    AND 'zone_urbanistiche' = ANY (CAST(:raccolte AS text[]))
    AND t.geometria && (SELECT area FROM disegnata)
  UNION ALL
  SELECT 'vincoli', t.id, t.codice, t.denominazione, t.classe, t.geometria
  FROM pubblico.vincoli t
  WHERE t.dal <= CAST(:giorno AS date) AND t.al > CAST(:giorno AS date)
    AND 'vincoli' = ANY (CAST(:raccolte AS text[]))
    AND t.geometria && (SELECT area FROM disegnata)
  UNION ALL
  SELECT 'aree_pericolosita', t.id, t.codice, t.fenomeno, t.classe, t.geometria
  FROM pubblico.aree_pericolosita t
  WHERE t.dal <= CAST(:giorno AS date) AND t.al > CAST(:giorno AS date)
    AND 'aree_pericolosita' = ANY (CAST(:raccolte AS text[]))
    AND t.geometria && (SELECT area FROM disegnata)
)
SELECT t.raccolta, t.id, t.codice, t.nome, t.classe,
  round(ST_Area(ST_Transform(m.comune, 6933))::numeric, 2) AS area_mq,
  round(ST_Area(ST_Transform(m.intera, 6933))::numeric, 2) AS area_intera_mq
FROM trovati t
CROSS JOIN disegnata d
CROSS JOIN LATERAL (
  SELECT CASE WHEN ST_IsValid(t.geometria) THEN t.geometria
    ELSE ST_MakeValid(t.geometria) END AS intera
) v
CROSS JOIN LATERAL (
  SELECT v.intera, ST_CollectionExtract(ST_Intersection(v.intera, d.area), 3) AS comune
) m
WHERE NOT ST_IsEmpty(m.comune)
ORDER BY t.raccolta, area_mq DESC, t.id
LIMIT :limite
