-- What was declared for the property tax on the units of the building, each position with
-- the unit it surest belongs to.
SELECT 'posizione_imu' AS tipo, t.id, t.fonte, t.fornitura, t.riga, NULL::date AS data,
  t.valida_dal AS dal, t.valida_al AS al,
  json_strip_nulls(json_build_object(
    'anno', t.anno, 'unita', l.unita, 'indirizzo', t.indirizzo, 'sezione', t.sezione,
    'foglio', t.foglio, 'numero', t.numero, 'subalterno', t.subalterno, 'quota', t.quota,
    'categoria', t.categoria, 'classe', t.classe, 'consistenza', t.consistenza,
    'rendita', t.rendita, 'valore', t.valore, 'uso', t.uso, 'detrazione', t.detrazione,
    'agevolazioni', t.agevolazioni, 'dichiarazione', t.dichiarazione
  )) AS valori,
  (
    SELECT json_agg(json_build_object(
      'fonte', u.fonte, 'fornitura', u.fornitura, 'riga', u.riga, 'data', NULL,
      'valori', json_strip_nulls(json_build_object(
        'categoria', u.categoria, 'classe', u.classe, 'consistenza', u.consistenza,
        'rendita', u.rendita
      ))
    ) ORDER BY u.fonte)
    FROM registro.unita_immobiliare u
    WHERE u.comune = :comune AND u.id = l.unita
      AND registro.vale(u.valida_dal, u.valida_al, u.nota_da, u.nota_fino, :giorno, :nota)
  ) AS catasto,
  (
    SELECT json_agg(json_build_object(
      'fonte', h.fonte, 'fornitura', h.fornitura, 'riga', h.riga, 'data', NULL,
      'numeratore', h.quota_numeratore, 'denominatore', h.quota_denominatore
    ) ORDER BY h.id)
    FROM detentori h
    WHERE h.unita = l.unita AND h.soggetto = t.soggetto
  ) AS possesso,
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
  SELECT DISTINCT ON (l.da) l.da AS id, l.a AS unita, json_strip_nulls(json_build_object(
    'tipo', l.tipo, 'metodo', l.metodo, 'punteggio', l.punteggio, 'misura', l.misura,
    'quota', l.quota, 'stato', l.stato, 'autore', l.autore, 'evidenza', l.evidenza
  )) AS legame
  FROM unita u
  JOIN registro.legame l ON l.comune = :comune AND l.tipo = 'posizione_unita' AND l.a = u.id
    AND l.stato <> 'rifiutato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
  ORDER BY l.da, l.punteggio DESC, l.a
) l
JOIN persone.posizione_imu t ON t.comune = :comune AND t.id = l.id
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY t.anno DESC NULLS LAST, l.unita, t.id
