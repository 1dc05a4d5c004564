-- Who lives in the building: persons judged to live in one of its units (by the surest link,
-- where it is not known in which), and those only found at one of its house numbers. "titolare"
-- says whether the same person, under any of the names the sources know, holds one of the units
-- today.
SELECT 'residenza' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'parentela', t.parentela, 'famiglia', t.famiglia, 'convivenza', t.convivenza,
    'toponimo', t.toponimo, 'indirizzo', t.indirizzo, 'numero', t.numero,
    'esponente', t.esponente, 'interno', t.interno, 'iscritto', t.iscritto,
    'unita', l.unita, 'civico', l.civico,
    'titolare', t.soggetto IN (SELECT h.soggetto FROM detentori h)
  )) AS valori,
  l.legame,
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
  SELECT DISTINCT ON (v.id) v.* FROM (
    SELECT l.da AS id, l.punteggio, l.a AS unita, NULL::bigint AS civico, json_strip_nulls(json_build_object(
      'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
      'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
    )) AS legame
    FROM unita u
    JOIN registro.legame l ON l.comune = :comune AND l.tipo = 'residente_unita' AND l.a = u.id
      AND l.stato <> 'rifiutato'
      AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
    UNION ALL
    SELECT l.da, l.punteggio, NULL, l.a, json_strip_nulls(json_build_object(
      'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
      'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
    )) AS legame
    FROM civici c
    JOIN registro.legame l ON l.comune = :comune AND l.tipo = 'residente_civico' AND l.a = c.id
      AND l.stato <> 'rifiutato'
      AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
    WHERE NOT EXISTS (
      SELECT FROM registro.legame d
      WHERE d.comune = :comune AND d.tipo = 'residente_unita' AND d.da = l.da
        AND d.stato <> 'rifiutato'
        AND registro.vale(d.valida_dal, d.valida_al, d.nota_da, d.nota_fino, :giorno, :nota)
    )
  ) v
  ORDER BY v.id, v.punteggio DESC, v.unita, v.civico
) l
JOIN persone.residenza t ON t.comune = :comune AND t.soggetto = l.id
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY t.famiglia, t.id
