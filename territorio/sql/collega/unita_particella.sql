-- Propose the parcels of each urban unit by the cadastral key of its identifiers.
-- Reads identificativi, particelle; writes candidati.
--
-- The section of the unit first; then the urban section, which some municipalities use as
-- section; last, where one side has none, any section that has the number. A parcel drawn
-- in an inset comes after the one on the sheet: the census knows no insets (catasto.md §1).
-- Every identifier of the unit is a choice of its own: a unit may stand on several parcels.

INSERT INTO pg_temp.candidati (da, a, periodo, metodo, scelta, forniture, valori)
SELECT i.unita, p.id, i.periodo * p.periodo,
  CASE
    WHEN p.sezione = i.sezione AND p.intera THEN 'chiave'
    WHEN p.sezione = i.sezione THEN 'chiave, allegato'
    WHEN p.sezione = i.sezione_urbana AND p.intera THEN 'chiave, sezione urbana'
    WHEN p.sezione = i.sezione_urbana THEN 'chiave, sezione urbana e allegato'
    ELSE 'chiave senza sezione'
  END,
  i.n, ARRAY[i.fornitura, p.fornitura],
  jsonb_build_object(
    'identificativo', concat_ws(
      '/', i.comune_catastale, coalesce(nullif(i.sezione, ''), '_'), i.foglio, i.numero,
      nullif(i.denominatore, '')
    )
  )
FROM (
  SELECT DISTINCT ON (versione, sezione_urbana, foglio, numero, denominatore) *
  FROM pg_temp.identificativi
  ORDER BY versione, sezione_urbana, foglio, numero, denominatore, n
) AS i
JOIN pg_temp.particelle AS p
  ON p.foglio = i.foglio AND p.numero = i.numero AND p.denominatore = i.denominatore
  AND p.comune_catastale = i.comune_catastale AND p.periodo && i.periodo
WHERE p.sezione IN (i.sezione, i.sezione_urbana, '') OR i.sezione = '';
