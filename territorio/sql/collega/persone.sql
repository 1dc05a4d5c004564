-- Give every subject the number of its person: the subjects that confirmed links make one.
-- Reads soggetti, attesi (stesso_soggetto); makes persone.

CREATE TEMPORARY TABLE persone ON COMMIT DROP AS
SELECT DISTINCT id AS soggetto, id AS persona FROM pg_temp.soggetti;
CREATE UNIQUE INDEX ON pg_temp.persone (soggetto);
ANALYZE pg_temp.persone;
