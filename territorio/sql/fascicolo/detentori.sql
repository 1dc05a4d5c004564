-- Who holds a unit of the building on the day, under each name by which the sources know the
-- same person: read once, since residents and positions are each compared with it.
detentori AS MATERIALIZED (
  WITH oggi AS MATERIALIZED (
    SELECT h.id, h.unita, h.soggetto, h.fonte, h.fornitura, h.riga,
      h.quota_numeratore, h.quota_denominatore
    FROM unita u
    JOIN persone.titolarita h ON h.comune = :comune AND h.unita = u.id
      AND registro.vale(h.valida_dal, h.valida_al, h.nota_da, h.nota_fino, :giorno, :nota)
  )
  SELECT o.id, o.unita, n.soggetto, o.fonte, o.fornitura, o.riga, o.quota_numeratore,
    o.quota_denominatore
  FROM oggi o
  JOIN (
    SELECT soggetto AS titolare, soggetto FROM oggi
    UNION
    SELECT o.soggetto, k.a FROM oggi o
    JOIN registro.legame k ON k.comune = :comune AND k.tipo = 'stesso_soggetto'
      AND k.da = o.soggetto AND k.stato <> 'rifiutato'
      AND registro.vale(k.valida_dal, k.valida_al, k.nota_da, k.nota_fino, :giorno, :nota)
    UNION
    SELECT o.soggetto, k.da FROM oggi o
    JOIN registro.legame k ON k.comune = :comune AND k.tipo = 'stesso_soggetto'
      AND k.a = o.soggetto AND k.stato <> 'rifiutato'
      AND registro.vale(k.valida_dal, k.valida_al, k.nota_da, k.nota_fino, :giorno, :nota)
  ) n ON n.titolare = o.soggetto
)
