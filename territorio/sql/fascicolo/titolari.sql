-- Who holds the units and the land: rights in force and, as known then, rights that ended.
-- A person who holds nothing any more may have gone from the deliveries: the last word about
-- them is taken.
SELECT 'titolarita' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'diritto', t.diritto, 'titolo', t.titolo, 'quota_numeratore', t.quota_numeratore,
    'quota_denominatore', t.quota_denominatore, 'regime', t.regime, 'partita', t.partita,
    'atto_generante', t.atto_generante, 'atto_conclusivo', t.atto_conclusivo,
    'unita', t.unita, 'terreno', t.terreno,
    'attuale', t.valida_al IS NULL OR t.valida_al > :giorno
  )) AS valori,
  -- Through a unit that only may be in this building: it is said.
  CASE WHEN t.via = 'proposto' THEN t.legame END AS legame,
  t.soggetto AS di,
  (
    SELECT json_build_object(
      'id', s.id, 'fonte', s.fonte, 'fornitura', s.fornitura, 'riga', s.riga,
      'data', NULL, 'dal', s.valida_dal, 'al', s.valida_al,
      'valori', json_strip_nulls(json_build_object(
        'tipo', s.tipo, 'cognome', s.cognome, 'nome', s.nome, 'sesso', s.sesso,
        'data_nascita', s.data_nascita, 'luogo_nascita', s.luogo_nascita,
        'denominazione', s.denominazione, 'sede', s.sede,
        'codice_fiscale', s.codice_fiscale, 'codice_valido', s.codice_valido,
        'indicazioni', s.indicazioni
      )),
      'cancellati', (
        SELECT json_agg(c.campi) FROM registro.cancellazione c
        WHERE c.comune = :comune AND c.oggetto = s.id
      )
    )
    FROM persone.soggetto s
    WHERE s.comune = :comune AND s.id = t.soggetto
      AND registro.noto(s.nota_da, s.nota_fino, :nota)
    ORDER BY s.fonte = t.fonte DESC,
      (s.valida_dal IS NULL OR s.valida_dal <= :giorno)
        AND (s.valida_al IS NULL OR s.valida_al > :giorno) DESC,
      s.valida_dal DESC NULLS LAST
    LIMIT 1
  ) AS soggetto
FROM (
  SELECT t.*, u.stato AS via, u.legame FROM unita u
  JOIN persone.titolarita t ON t.comune = :comune AND t.unita = u.id
  UNION ALL
  SELECT t.*, NULL, NULL::json FROM (SELECT DISTINCT id FROM terreni) u
  JOIN persone.titolarita t ON t.comune = :comune AND t.terreno = u.id
) t
WHERE registro.noto(t.nota_da, t.nota_fino, :nota)
  AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
ORDER BY t.unita, t.terreno, t.valida_al DESC NULLS FIRST, t.id
