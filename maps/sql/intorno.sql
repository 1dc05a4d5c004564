-- What lies in a box, layer by layer, for extracts and small maps.
-- Reads the public views. May run any number of times.
-- Parameters: giorno, strati (array of names), limite, and the box (ovest, sud, est, nord).
WITH quadro AS (
  SELECT ST_MakeEnvelope(:ovest, :sud, :est, :nord, 6706) AS geometria
)
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'zone_urbanistiche' AS strato, t.id, t.classe, t.sigla AS testo,
    t.fonte, ST_AsBinary(t.geometria) AS forma
  FROM quadro q JOIN pubblico.zona t ON t.geometria && q.geometria
  WHERE 'zone_urbanistiche' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte
) zone
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'particelle', t.id, t.classe,
    CASE WHEN t.classe = 'particella' THEN concat(t.numero, '/' || nullif(t.denominatore, ''))
      ELSE '' END,
    t.fonte, ST_AsBinary(t.geometria)
  FROM quadro q JOIN pubblico.particella t ON t.geometria && q.geometria
  WHERE 'particelle' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte
  LIMIT :limite
) particelle
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'edifici', t.id, t.classe, '', t.fonte, ST_AsBinary(t.geometria)
  FROM quadro q JOIN pubblico.edificio t ON t.geometria && q.geometria
  WHERE 'edifici' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
    AND t.stato IS DISTINCT FROM 'cessato'
    AND (t.fonte = 'ufficio' OR NOT EXISTS (
      SELECT FROM pubblico.edificio u
      WHERE u.comune = t.comune AND u.id = t.id AND u.fonte = 'ufficio'
        AND (u.valida_dal IS NULL OR u.valida_dal <= :giorno)
        AND (u.valida_al IS NULL OR u.valida_al > :giorno)
    ))
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.provvisorio, t.fonte
  LIMIT :limite
) edifici
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'vincoli', t.id, t.classe, t.denominazione, t.fonte,
    ST_AsBinary(t.geometria)
  FROM quadro q JOIN pubblico.vincolo t ON t.geometria && q.geometria
  WHERE 'vincoli' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte
) vincoli
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'aree_pericolosita', t.id, t.disegno, t.denominazione, t.fonte,
    ST_AsBinary(t.geometria)
  FROM quadro q JOIN pubblico.area_pericolosita t ON t.geometria && q.geometria
  WHERE 'aree_pericolosita' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte
) aree_pericolosita
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'fogli', t.id, '', t.foglio, t.fonte,
    ST_AsBinary(ST_Boundary(t.geometria))
  FROM quadro q JOIN pubblico.foglio t ON t.geometria && q.geometria
  WHERE 'fogli' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, t.fonte
) fogli
UNION ALL
SELECT * FROM (
  SELECT DISTINCT ON (t.id) 'civici', t.id, '',
    concat(t.numero, '/' || nullif(t.esponente, '')), t.fonte, ST_AsBinary(t.geometria)
  FROM quadro q JOIN pubblico.civico t ON t.geometria && q.geometria
  WHERE 'civici' = ANY(:strati)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
    AND (t.valida_al IS NULL OR t.valida_al > :giorno)
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.fonte
  LIMIT :limite
) civici
