-- The table that the other servers read: the published buildings as one would make it for them,
-- with their properties, a primary key and a spatial index. Their coordinates are those of
-- EPSG:4326, which both know; the figures are the same (the null transformation).
-- Reads pubblico.edifici; writes schema pari.

CREATE SCHEMA pari;

CREATE TABLE pari.edifici AS
SELECT e.id, e.comune, e.codice, e.classe, e.provvisorio, e.uso, e.tipo, e.stato, e.piani,
  e.altezza_m, e.anno, e.area_mq, e.fonte, e.data_riferimento, e.valida_dal, e.valida_al,
  CAST(ST_SetSRID(e.geometria, 4326) AS geometry(Polygon, 4326)) AS geometria
FROM pubblico.edifici AS e
ORDER BY e.geometria, e.id;

ALTER TABLE pari.edifici ADD PRIMARY KEY (id);

CREATE INDEX ix_pari_edifici_geometria ON pari.edifici USING gist (geometria);

-- A row as a feature, made when it is asked for.
CREATE FUNCTION pari.feature(e pari.edifici) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT json_build_object(
    'type', 'Feature', 'id', e.id, 'geometry', ST_AsGeoJSON(e.geometria, 7)::json,
    'properties', json_build_object(
      'comune', e.comune, 'codice', e.codice, 'classe', e.classe, 'provvisorio', e.provvisorio,
      'uso', e.uso, 'tipo', e.tipo, 'stato', e.stato, 'piani', e.piani,
      'altezza_m', e.altezza_m, 'anno', e.anno, 'area_mq', e.area_mq, 'fonte', e.fonte,
      'data_riferimento', e.data_riferimento, 'valida_dal', e.valida_dal,
      'valida_al', e.valida_al
    )
  )
$$;

-- The floor asks by the role of the open doors.
GRANT USAGE ON SCHEMA pari TO territorio_pubblico;

GRANT SELECT ON ALL TABLES IN SCHEMA pari TO territorio_pubblico;
