-- The log of who looked at whom, chained. Replaced at every migration; may run twice.
-- Writes persone.lettura. The chain is one a municipality, so that a municipality can be
-- backed up and proved alone; the lock is held to the commit, so call it last. The names of
-- the fields come in one text, parted by commas.

CREATE OR REPLACE FUNCTION persone.annota_lettura(
  comune text, chi text, ruolo text, scopo text, oggetto bigint, campi text
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET enable_sort TO off AS $$
DECLARE
  riga persone.lettura;
BEGIN
  PERFORM pg_advisory_xact_lock(7304215, hashtext(annota_lettura.comune));
  -- The plan is made while the log is short, and kept: it must not read the whole of it. In the
  -- order of (comune, numero), and with enable_sort off, only the index of the chain will do.
  SELECT l.sigillo INTO riga.precedente
    FROM persone.lettura l
   WHERE l.comune BETWEEN annota_lettura.comune::character(4)
                      AND annota_lettura.comune::character(4)
   ORDER BY l.comune DESC, l.numero DESC LIMIT 1;
  riga.precedente := coalesce(riga.precedente, ''::bytea);
  riga.numero := nextval('persone.lettura_numero_seq');
  riga.quando := clock_timestamp();
  riga.comune := annota_lettura.comune;
  riga.chi := annota_lettura.chi;
  riga.ruolo := annota_lettura.ruolo;
  riga.scopo := annota_lettura.scopo;
  riga.oggetto := annota_lettura.oggetto;
  riga.campi := string_to_array(annota_lettura.campi, ',');
  INSERT INTO persone.lettura OVERRIDING SYSTEM VALUE
  SELECT riga.numero, riga.quando, riga.comune, riga.chi, riga.ruolo, riga.scopo, riga.oggetto,
         riga.campi, riga.precedente,
         sha256(riga.precedente || convert_to(persone.testo_lettura(riga), 'UTF8'));
  RETURN riga.numero;
END
$$;

-- The row as the seal covers it: each part with its length before it, so that no two rows
-- read the same. In plpgsql, whose plans are kept: it runs at every reading.
CREATE OR REPLACE FUNCTION persone.testo_lettura(riga persone.lettura) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  testo text := '';
  parte text;
BEGIN
  FOREACH parte IN ARRAY ARRAY[
    riga.numero::text,
    to_char(riga.quando AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    riga.comune::text, riga.chi, riga.ruolo, riga.scopo,
    coalesce(riga.oggetto::text, ''), array_to_string(riga.campi, ',')
  ] LOOP
    testo := testo || length(parte) || ':' || parte;
  END LOOP;
  RETURN testo;
END
$$;
