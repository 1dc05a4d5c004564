-- Places on the web map as parts of its side, and what the office role needs to keep counts and
-- squares in step with its own acts. Re-applied after each migration; may run twice.

CREATE OR REPLACE FUNCTION pubblico.parte_est(lon double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lon + 180) / 360
$$;

CREATE OR REPLACE FUNCTION pubblico.parte_sud(lat double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2
$$;

GRANT INSERT, UPDATE, DELETE ON pubblico.conteggio TO territorio_ufficio;
GRANT DELETE ON pubblico.tassello TO territorio_ufficio;
