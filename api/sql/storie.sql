-- One building for each of the five stories of the demonstration.
-- Reads registro.genealogia, segnalazione, legame, unita_immobiliare.
WITH divisi AS (
  SELECT 1 AS n, 'Un edificio diviso in due, prima e dopo' AS storia, g.da AS oggetto,
    '/edifici/{codice}?alla_data=' || g.giorno || '&confronta=' || (g.giorno - 1)
      || '#confronto' AS indirizzo
  FROM registro.genealogia AS g
  WHERE g.tipo = 'divisione' AND g.nota_fino IS NULL AND g.oggetto = 'edificio'
  GROUP BY g.da, g.giorno
  ORDER BY count(*), g.da
  LIMIT 1
),
discordi AS (
  SELECT 2, 'Fonti che non concordano', l.a,
    '/edifici/{codice}?visto_da=tributi#unita_immobiliari'
  FROM registro.segnalazione AS s
  JOIN registro.legame AS l
    ON l.comune = s.comune AND l.tipo = 'unita_edificio' AND l.da = s.oggetto
    AND l.nota_fino IS NULL AND l.valida_al IS NULL AND l.stato <> 'rifiutato'
  WHERE s.tipo = 'rendita dichiarata diversa dal catasto' AND s.stato = 'aperta'
  ORDER BY s.id
  LIMIT 1
),
ampliati AS (
  SELECT 3, 'Un ampliamento non dichiarato', s.oggetto,
    '/edifici/{codice}?visto_da=ufficio#segnalazioni'
  FROM registro.segnalazione AS s
  WHERE s.tipo = 'ampliamento non dichiarato' AND s.stato = 'aperta'
  ORDER BY s.id
  LIMIT 1
),
abitati AS (
  SELECT 4, 'Lo stesso fascicolo visto dal pubblico e da un ufficio', c.a,
    '/edifici/{codice}?visto_da=anagrafe#residenti'
  FROM registro.legame AS r
  JOIN registro.legame AS c
    ON c.comune = r.comune AND c.tipo = 'civico_edificio' AND c.da = r.a
    AND c.nota_fino IS NULL AND c.valida_al IS NULL
  WHERE r.tipo = 'residente_civico' AND r.nota_fino IS NULL AND r.valida_al IS NULL
  GROUP BY c.a
  ORDER BY abs(count(*) - 5), c.a
  LIMIT 1
),
corretti AS (
  SELECT 5, 'Una risposta che cambia con ciò che era noto', l.a,
    '/edifici/{codice}?alla_data=' || (SELECT max(f.data_riferimento) FROM registro.fornitura AS f)
      || '&noto_al=n' || (v.nota_fino - 1) || '#noto'
  FROM registro.unita_immobiliare AS v
  JOIN registro.unita_immobiliare AS n
    ON n.comune = v.comune AND n.id = v.id AND n.nota_fino IS NULL
    AND n.valida_dal <= v.valida_dal AND n.valida_al IS NULL
    -- A figure that everybody may read is another one now.
    AND n.rendita <> v.rendita
  JOIN registro.legame AS l
    ON l.comune = v.comune AND l.tipo = 'unita_edificio' AND l.da = v.id
    AND l.nota_fino IS NULL AND l.valida_al IS NULL
  WHERE v.nota_fino IS NOT NULL AND v.valida_al IS NULL
    -- Then, too, it was known to be in this building.
    AND EXISTS (
      SELECT FROM registro.legame AS k
      WHERE k.comune = l.comune AND k.tipo = l.tipo AND k.da = l.da AND k.a = l.a
        AND k.nota_da < v.nota_fino AND (k.nota_fino IS NULL OR k.nota_fino >= v.nota_fino)
    )
  ORDER BY v.id
  LIMIT 1
)
SELECT * FROM divisi
UNION ALL SELECT * FROM discordi
UNION ALL SELECT * FROM ampliati
UNION ALL SELECT * FROM abitati
UNION ALL SELECT * FROM corretti
ORDER BY n;
