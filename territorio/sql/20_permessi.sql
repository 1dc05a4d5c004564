-- Who may read and write what, and row-level security by municipality.
-- Re-applied after each migration; may run twice.

DO $$
DECLARE
  tabella record;
BEGIN
  FOR tabella IN
    SELECT n.nspname AS schema, c.relname AS nome
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('registro', 'persone', 'staging') AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition
      AND EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = 'comune' AND NOT a.attisdropped
      )
  LOOP
    EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', tabella.schema, tabella.nome);
    EXECUTE format('DROP POLICY IF EXISTS per_comune ON %I.%I', tabella.schema, tabella.nome);
    EXECUTE format(
      'CREATE POLICY per_comune ON %I.%I USING (comune IS NULL OR registro.comune_ammesso(comune))',
      tabella.schema, tabella.nome
    );
  END LOOP;
END
$$;

REVOKE ALL ON SCHEMA registro, persone, staging, pubblico FROM PUBLIC;
GRANT USAGE ON SCHEMA registro, persone, pubblico TO territorio_ufficio;
GRANT SELECT ON ALL TABLES IN SCHEMA registro, persone, pubblico TO territorio_ufficio;
GRANT INSERT ON ALL TABLES IN SCHEMA registro, persone TO territorio_ufficio;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA registro, persone TO territorio_ufficio;
GRANT USAGE ON SCHEMA pubblico TO territorio_pubblico;
GRANT SELECT ON ALL TABLES IN SCHEMA pubblico TO territorio_pubblico;
