-- Tables with rows of a municipality that row-level security does not hold to it.
-- Reads the system catalogue. No parameters.
SELECT format('%s.%s', n.nspname, c.relname)
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN ('registro', 'persone', 'staging') AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition
  AND EXISTS (
    SELECT FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attname = 'comune' AND NOT a.attisdropped
  )
  AND NOT (
    c.relrowsecurity AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)
  )
ORDER BY 1
