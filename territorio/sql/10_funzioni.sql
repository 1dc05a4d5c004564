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

-- The area the boxes of two outlines share, in the units of their coordinates: the most that
-- the outlines themselves can share, at a hundredth of the price.
CREATE OR REPLACE FUNCTION registro.riquadro_comune(a public.geometry, b public.geometry)
RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(0, least(public.ST_XMax(a), public.ST_XMax(b))
      - greatest(public.ST_XMin(a), public.ST_XMin(b)))
    * greatest(0, least(public.ST_YMax(a), public.ST_YMax(b))
      - greatest(public.ST_YMin(a), public.ST_YMin(b)))
$$;
