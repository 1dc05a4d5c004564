-- The condition of territorio/vigenza.py for statements in SQL. Reads nothing, writes
-- nothing; replaced at every migration. Plain SQL, so that the planner writes it into the
-- query: it costs what the condition costs. "All that is known now" is a number above every
-- registrazione.

CREATE OR REPLACE FUNCTION registro.vale(
  valida_dal date, valida_al date, nota_da bigint, nota_fino bigint, giorno date, nota bigint
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (valida_dal IS NULL OR valida_dal <= giorno) AND (valida_al IS NULL OR valida_al > giorno)
     AND nota_da <= nota AND (nota_fino IS NULL OR nota_fino > nota)
$$;

CREATE OR REPLACE FUNCTION registro.noto(nota_da bigint, nota_fino bigint, nota bigint)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT nota_da <= nota AND (nota_fino IS NULL OR nota_fino > nota)
$$;
