-- Propose the parcel of the map for each parcel of the land census, by cadastral key.
-- Reads registro.particella_censuaria, particelle; writes candidati. Parameters: comune.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT t.id, p.id, t.periodo * p.periodo,
  CASE
    WHEN p.sezione = t.sezione AND p.intera THEN 'chiave'
    WHEN p.sezione = t.sezione THEN 'chiave, allegato'
    ELSE 'chiave senza sezione'
  END,
  0, ARRAY[t.fornitura, p.fornitura],
  jsonb_build_object(
    'identificativo', concat_ws(
      '/', t.comune_catastale, coalesce(nullif(t.sezione, ''), '_'), t.foglio, t.numero,
      nullif(t.denominatore, '')
    )
  )
FROM (
  SELECT *, daterange(valida_dal, valida_al) AS periodo
  FROM registro.particella_censuaria
  WHERE comune = :comune AND nota_fino IS NULL
) AS t
JOIN pg_temp.particelle AS p
  ON p.foglio = t.foglio AND p.numero = t.numero AND p.denominatore = t.denominatore
  AND p.comune_catastale = t.comune_catastale AND p.periodo && t.periodo
WHERE p.sezione IN (t.sezione, '') OR t.sezione = '';
