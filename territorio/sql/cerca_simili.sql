-- Names of streets and places a few letters away from what was typed. Reads registro.ricerca;
-- writes nothing. Parameters: parole, lunghezza (of parole), meno (letters more or less),
-- comuni (array, empty for all). The threshold of similarity is set by who asks.
SELECT DISTINCT r.chiave
FROM registro.ricerca r
WHERE r.chiave OPERATOR(public.%>) :parole
  AND length(r.chiave) BETWEEN CAST(:lunghezza AS integer) - :meno
    AND CAST(:lunghezza AS integer) + :meno
  AND (cardinality(CAST(:comuni AS text[])) = 0 OR r.comune = ANY(CAST(:comuni AS text[])))
LIMIT 2000
