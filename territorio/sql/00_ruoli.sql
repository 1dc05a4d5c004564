-- What only an administrator of the server can make: roles, extensions, and the
-- permission to use the spatial and text indexes under row-level security (operators that
-- are not leak-proof are otherwise tried on every row of every municipality).
-- Run once by `territorio migra --admin-url`; may run twice.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'territorio_migrazione') THEN
    CREATE ROLE territorio_migrazione LOGIN BYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'territorio_ufficio') THEN
    CREATE ROLE territorio_ufficio LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'territorio_pubblico') THEN
    CREATE ROLE territorio_pubblico LOGIN;
  END IF;
END
$$;

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

ALTER FUNCTION public.geometry_overlaps(geometry, geometry) LEAKPROOF;
ALTER FUNCTION public.similarity_op(text, text) LEAKPROOF;
ALTER FUNCTION public.word_similarity_op(text, text) LEAKPROOF;
ALTER FUNCTION public.word_similarity_commutator_op(text, text) LEAKPROOF;
