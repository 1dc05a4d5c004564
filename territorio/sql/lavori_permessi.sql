-- The offices may put jobs into the queue; the owner's workers take them out.
-- Re-applied after each migration; may run twice.
GRANT USAGE ON SCHEMA lavori TO territorio_ufficio;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA lavori TO territorio_ufficio;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA lavori TO territorio_ufficio;
