-- What the office role needs to write acts, beyond what 20_permessi gives it.
-- Re-applied after each migration; may run twice.

-- The last registrazione of the whole registry: row-level security would hide those of
-- other municipalities, and two changes would get one number.
CREATE OR REPLACE FUNCTION registro.ultima_registrazione(
  OUT numero bigint, OUT quando timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(max(r.numero), 0), max(r.quando) FROM registro.registrazione r
$$;

-- The only column of a fact that is ever updated is the end of its knowledge.
DO $$
DECLARE
  tabella record;
BEGIN
  FOR tabella IN
    SELECT n.nspname AS schema, c.relname AS nome
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('registro', 'persone') AND c.relkind IN ('r', 'p')
      AND a.attname = 'nota_fino' AND NOT a.attisdropped
  LOOP
    EXECUTE format(
      'GRANT UPDATE (nota_fino) ON %I.%I TO territorio_ufficio', tabella.schema, tabella.nome
    );
  END LOOP;
END
$$;
GRANT UPDATE (stato, chiusa_da) ON registro.segnalazione TO territorio_ufficio;
GRANT UPDATE (stato, finito) ON registro.lavoro TO territorio_ufficio;
