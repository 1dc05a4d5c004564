-- The written form of an identity, twin of territorio/identita.py: six syllables and the check
-- character of ISO 7064 Mod 37,36. Replaced at every migration; reads and writes nothing.
CREATE OR REPLACE FUNCTION registro.codice(id bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  consonanti CONSTANT text := 'bcdfgjklmnprstvz';
  vocali CONSTANT text := 'aeiou';
  -- The place of each consonant and vowel among the digits and letters of the check.
  pesi_c CONSTANT int[] := '{11,12,13,15,16,19,20,21,22,23,25,27,28,29,31,35}';
  pesi_v CONSTANT int[] := '{10,14,18,24,30}';
  scritto text := '';
  resto int := 18;
  sillaba int;
  parte bigint := 3276800000; -- 80^5
BEGIN
  FOR giro IN 1..6 LOOP
    sillaba := id / parte % 80;
    scritto := scritto || substr(consonanti, sillaba / 5 + 1, 1)
      || substr(vocali, sillaba % 5 + 1, 1);
    resto := (resto * 2 % 37 + pesi_c[sillaba / 5 + 1]) % 36;
    IF resto = 0 THEN resto := 36; END IF;
    resto := (resto * 2 % 37 + pesi_v[sillaba % 5 + 1]) % 36;
    IF resto = 0 THEN resto := 36; END IF;
    IF giro = 3 THEN scritto := scritto || '-'; END IF;
    parte := parte / 80;
  END LOOP;
  resto := (37 - resto * 2 % 37) % 36;
  RETURN scritto || '-' || substr('0123456789abcdefghijklmnopqrstuvwxyz', resto + 1, 1);
END
$$;
