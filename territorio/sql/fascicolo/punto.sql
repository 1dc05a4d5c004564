-- Up to which change of the registry this statement reads: two that read up to the same one
-- read the same registry.
SELECT max(r.numero) AS numero FROM registro.registrazione r WHERE r.numero <= :nota
