-- What happened to the building up to the day: how it came, what it was made from or into,
-- and each change of what a source says of it.
SELECT *
FROM (
  SELECT 'evento' AS tipo, g.evento AS id, NULL AS fonte, g.fornitura, NULL::integer AS riga,
    NULL::date AS data, g.giorno AS dal,
    json_strip_nulls(json_build_object(
      'evento', g.tipo, 'oggetto', g.oggetto,
      'prima', json_agg(DISTINCT g.da) FILTER (WHERE g.da IS NOT NULL),
      'dopo', json_agg(DISTINCT g.a) FILTER (WHERE g.a IS NOT NULL),
      'motivo', min(g.motivo), 'autore', min(r.autore), 'atto', min(r.atto)
    )) AS valori
  FROM registro.genealogia g
  LEFT JOIN registro.registrazione r ON r.numero = g.nota_da
  WHERE g.comune = :comune
    AND g.evento IN (
      SELECT d.evento FROM registro.genealogia d WHERE d.comune = :comune AND d.da = :edificio
      UNION
      SELECT d.evento FROM registro.genealogia d WHERE d.comune = :comune AND d.a = :edificio
    )
    AND g.giorno <= :giorno
    AND registro.noto(g.nota_da, g.nota_fino, :nota)
  GROUP BY g.evento, g.tipo, g.oggetto, g.giorno, g.fornitura
  UNION ALL
  SELECT 'modifica', t.id, t.fonte, t.fornitura, t.riga, NULL::date, t.valida_dal,
    json_strip_nulls(json_build_object(
      'evento', CASE WHEN lag(t.versione) OVER per_fonte IS NULL THEN 'prima notizia'
        ELSE 'variazione' END,
      'oggetto', 'edificio',
      'cambiati', array_remove(ARRAY[
        CASE WHEN t.uso IS DISTINCT FROM lag(t.uso) OVER per_fonte THEN 'uso' END,
        CASE WHEN t.tipo IS DISTINCT FROM lag(t.tipo) OVER per_fonte THEN 'tipo' END,
        CASE WHEN t.stato IS DISTINCT FROM lag(t.stato) OVER per_fonte THEN 'stato' END,
        CASE WHEN t.piani IS DISTINCT FROM lag(t.piani) OVER per_fonte THEN 'piani' END,
        CASE WHEN t.altezza_m IS DISTINCT FROM lag(t.altezza_m) OVER per_fonte
          THEN 'altezza_m' END,
        CASE WHEN t.anno IS DISTINCT FROM lag(t.anno) OVER per_fonte THEN 'anno' END,
        CASE WHEN t.area_mq IS DISTINCT FROM lag(t.area_mq) OVER per_fonte THEN 'area_mq' END,
        -- Exactly the same vertices or not: a shifted outline has the same area.
        CASE WHEN lag(t.versione) OVER per_fonte IS NOT NULL
          AND t.geometria::bytea IS DISTINCT FROM (lag(t.geometria) OVER per_fonte)::bytea
          THEN 'geometria' END,
        CASE WHEN lag(t.versione) OVER per_fonte IS NOT NULL
          AND t.codice_fonte IS DISTINCT FROM lag(t.codice_fonte) OVER per_fonte
          THEN 'codice_fonte' END
      ], NULL)
    ))
  FROM registro.edificio t
  WHERE t.comune = :comune AND t.id = :edificio
    AND registro.noto(t.nota_da, t.nota_fino, :nota)
    AND (t.valida_dal IS NULL OR t.valida_dal <= :giorno)
  WINDOW per_fonte AS (PARTITION BY t.fonte ORDER BY t.valida_dal NULLS FIRST)
) e
ORDER BY e.dal DESC NULLS LAST, e.id
