-- Writes anew what can be found by words in one municipality: streets, house numbers with the
-- building they lead to, named constraints. Reads the facts known now, as they hold on a day;
-- writes registro.ricerca, in the order in which it is read: of what begins with a letter
-- thousands of rows are weighed, and side by side they lie in few pages. May run twice.
-- Parameters: comune, giorno, nota, dug (kinds of street, which say little in a search).
DELETE FROM registro.ricerca WHERE comune = :comune;

INSERT INTO registro.ricerca (comune, tipo, id, testo, chiave, lon, lat)
SELECT :comune, 'odonimo', o.id,
  concat_ws(', ', o.denominazione, nullif(o.localita, '')),
  concat_ws(' ',
    CASE WHEN split_part(o.chiave_odonimo, ' ', 1) = ANY(:dug)
        AND position(' ' IN o.chiave_odonimo) > 0
      THEN substr(o.chiave_odonimo, position(' ' IN o.chiave_odonimo) + 1)
      ELSE o.chiave_odonimo END,
    nullif(upper(public.unaccent(o.localita)), ''),
    nullif(upper(public.unaccent(o.lingua1)), ''),
    nullif(upper(public.unaccent(o.lingua2)), '')
  ) AS chiave,
  c.lon, c.lat
FROM (
  SELECT DISTINCT ON (t.id) t.*
  FROM registro.odonimo t
  WHERE t.comune = :comune
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.versione DESC
) o
LEFT JOIN (
  -- As numeric: the mean of floats depends on the order in which they are read.
  SELECT t.odonimo, avg(CAST(ST_X(t.geometria) AS numeric)) AS lon,
    avg(CAST(ST_Y(t.geometria) AS numeric)) AS lat
  FROM registro.civico t
  WHERE t.comune = :comune
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  GROUP BY t.odonimo
) c ON c.odonimo = o.id
ORDER BY chiave;

INSERT INTO registro.ricerca
  (comune, tipo, id, testo, gruppo, numero, esponente, edificio, lon, lat)
SELECT :comune, 'civico', c.id,
  concat(
    o.denominazione, ' ', coalesce(c.numero::text, 'snc'),
    '/' || nullif(c.esponente, ''), ' ' || nullif(c.specificita, ''),
    ', ' || nullif(o.localita, '')
  ),
  c.odonimo, c.numero, c.esponente, e.edificio, ST_X(c.geometria), ST_Y(c.geometria)
FROM (
  SELECT DISTINCT ON (t.id) t.*
  FROM registro.civico t
  WHERE t.comune = :comune
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.versione DESC
) c
JOIN (
  SELECT DISTINCT ON (t.id) t.id, t.denominazione, t.localita
  FROM registro.odonimo t
  WHERE t.comune = :comune
    AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
  ORDER BY t.id, (t.fonte = 'ufficio') DESC, t.versione DESC
) o ON o.id = c.odonimo
LEFT JOIN (
  SELECT DISTINCT ON (l.da) l.da AS civico, l.a AS edificio
  FROM registro.legame l
  WHERE l.comune = :comune AND l.tipo = 'civico_edificio' AND l.stato <> 'rifiutato'
    AND registro.vale(l.valida_dal, l.valida_al, l.nota_da, l.nota_fino, :giorno, :nota)
  ORDER BY l.da, (l.stato = 'confermato') DESC, l.punteggio DESC, l.a
) e ON e.civico = c.id
ORDER BY c.odonimo, c.numero;

INSERT INTO registro.ricerca (comune, tipo, id, testo, chiave, lon, lat)
SELECT DISTINCT ON (t.id) :comune, 'vincolo', t.id, t.denominazione,
  upper(public.unaccent(t.denominazione)),
  ST_X(ST_PointOnSurface(t.geometria)), ST_Y(ST_PointOnSurface(t.geometria))
FROM registro.vincolo t
WHERE t.comune = :comune AND t.denominazione <> ''
  AND registro.vale(t.valida_dal, t.valida_al, t.nota_da, t.nota_fino, :giorno, :nota)
ORDER BY t.id, t.versione DESC;

ANALYZE registro.ricerca
