-- Functions the registry uses in sets. Replaced at every migration; may run twice.

-- The next identity: the sequence through the fixed permutation of territorio/identita.py.
CREATE OR REPLACE FUNCTION registro.nuovo_id() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $$
  SELECT (nextval('registro.oggetto')::numeric * 161803398875 % 262143999979)::bigint
$$;

-- The municipalities of the running transaction; '*' stands for all.
CREATE OR REPLACE FUNCTION registro.comune_ammesso(comune text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT current_setting('territorio.comuni', true) = '*'
      OR comune = ANY (string_to_array(current_setting('territorio.comuni', true), ','))
$$;
