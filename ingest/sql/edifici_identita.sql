-- Give each footprint of a delivery the identity of the building it is, or a new one.
-- Reads the temporary table coppie; writes staging.edificio (chiave), registro.chiave,
-- registro.identita, registro.genealogia.
-- Parameters: comune, fonte, fornitura, numero, giorno.
--
-- The same building: the only partner of each other, or so alike (iou >= 0.8) that the
-- other pieces are its annexes. Otherwise a new identity, with its descent written down:
-- divisione when one building gave several, fusione when several gave one, sostituzione
-- when both. What only another source drew differently is a correzione: nothing happened
-- on the ground. Nobody comes from a building that lives on unless they are new.
WITH uguali AS (
  SELECT DISTINCT ON (n) n, id
  FROM (
    SELECT DISTINCT ON (id) n, id, iou, grado_n, grado_v
    FROM coppie
    WHERE iou >= 0.8 OR (grado_n = 1 AND grado_v = 1)
    ORDER BY id, iou DESC, n
  ) AS migliori
  ORDER BY n, iou DESC, id
),
assegnate AS MATERIALIZED (
  SELECT nuove.n, coalesce(uguali.id, registro.nuovo_id()) AS id, uguali.id IS NULL AS nuova
  FROM nuove LEFT JOIN uguali USING (n)
),
identita AS (
  INSERT INTO registro.identita (id, tipo, comune)
  SELECT id, 'edificio', :comune FROM assegnate WHERE nuova
),
chiavi AS (
  INSERT INTO registro.chiave (comune, tipo, chiave, id)
  SELECT DISTINCT :comune, 'edificio', 'edificio ' || id, id FROM assegnate
  ON CONFLICT DO NOTHING
),
chiavate AS (
  UPDATE staging.edificio AS s
  SET chiave = 'edificio ' || a.id
  FROM assegnate AS a
  WHERE s.n = a.n AND s.comune = :comune
),
discese AS (
  SELECT coppie.id AS da, a.id AS a,
    CASE
      WHEN NOT coppie.propria THEN 'correzione'
      WHEN coppie.grado_n > 1 AND coppie.grado_v > 1 THEN 'sostituzione'
      WHEN coppie.grado_n > 1 THEN 'fusione'
      ELSE 'divisione'
    END AS tipo
  FROM coppie JOIN assegnate AS a USING (n)
  WHERE a.id <> coppie.id AND (coppie.propria OR coppie.provvisorio)
    -- Two buildings that both live on and are drawn one over the other: nothing happened.
    AND (a.nuova OR NOT EXISTS (SELECT FROM uguali AS u WHERE u.id = coppie.id))
),
cessati AS (
  SELECT v.id AS da, NULL::bigint AS a, 'cessazione' AS tipo
  FROM edifici_noti AS v
  WHERE v.propria AND NOT EXISTS (SELECT FROM coppie WHERE coppie.id = v.id)
),
nati AS (
  SELECT NULL::bigint AS da, a.id AS a, 'nascita' AS tipo
  FROM assegnate AS a
  WHERE a.nuova AND NOT EXISTS (SELECT FROM coppie WHERE coppie.n = a.n)
    AND EXISTS (SELECT FROM edifici_noti WHERE propria)
),
eventi AS (
  SELECT * FROM discese UNION ALL SELECT * FROM cessati UNION ALL SELECT * FROM nati
)
INSERT INTO registro.genealogia
  (comune, evento, tipo, oggetto, da, a, giorno, nota_da, fornitura)
SELECT :comune,
  :numero * 1000000 + dense_rank() OVER (
    ORDER BY CASE WHEN e.tipo IN ('fusione', 'nascita') THEN e.a ELSE e.da END
  ),
  e.tipo, 'edificio', e.da, e.a,
  :giorno, :numero, :fornitura
FROM eventi AS e;
