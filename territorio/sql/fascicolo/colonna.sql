(
  SELECT string_agg(row_to_json(righe)::text, ',') FROM (
    /* corpo */
  ) righe
) AS /* nome */
