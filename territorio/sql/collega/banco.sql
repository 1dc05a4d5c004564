-- The workbench of one run: empty tables for what each kind of link proposes and for the
-- links as they should stand. Temporary, gone at the commit; may run twice.

DROP TABLE IF EXISTS pg_temp.candidati, pg_temp.attesi, pg_temp.giudicati,
  pg_temp.scala, pg_temp.vie, pg_temp.numeri, pg_temp.nomi_vie, pg_temp.nomi_simili, pg_temp.accessi,
  pg_temp.aree, pg_temp.particelle, pg_temp.unita, pg_temp.identificativi,
  pg_temp.indirizzi, pg_temp.civici, pg_temp.residenze, pg_temp.soggetti, pg_temp.persone,
  pg_temp.titoli, pg_temp.nuclei, pg_temp.nuclei_unita, pg_temp.da_chiudere;

-- What a kind of link proposes. Within one `scelta` of one object the best rung wins;
-- objects of the same rung and `gruppo` contend for it, in proportion to `peso`, if their
-- `ordine` is the lowest or within `margine` of it. Without `scelta` nothing contends.
CREATE TEMPORARY TABLE candidati (
  da bigint NOT NULL,
  a bigint NOT NULL,
  periodo daterange NOT NULL,
  metodo text NOT NULL,
  scelta integer,
  gruppo integer NOT NULL DEFAULT 0,
  ordine real NOT NULL DEFAULT 0,
  margine real NOT NULL DEFAULT 0,
  peso real NOT NULL DEFAULT 1,
  misura numeric(14, 2),
  quota numeric(7, 6),
  forniture bigint[] NOT NULL,
  valori jsonb NOT NULL DEFAULT '{}'
) ON COMMIT DROP;

-- The links as they should stand, a part for each kind (banco.py); those of a person are
-- here for the kinds that follow.
CREATE TEMPORARY TABLE attesi (
  tipo text NOT NULL,
  da bigint NOT NULL,
  a bigint NOT NULL,
  periodo daterange NOT NULL,
  metodo text NOT NULL,
  punteggio numeric(4, 3) NOT NULL,
  stato text NOT NULL,
  misura numeric(14, 2),
  quota numeric(7, 6),
  evidenza jsonb NOT NULL,
  forniture bigint[] NOT NULL,
  impronta bigint,
  umano boolean NOT NULL,
  nuovo boolean NOT NULL
) PARTITION BY LIST (tipo) ON COMMIT DROP;

CREATE TEMPORARY TABLE scala (
  tipo text NOT NULL,
  metodo text NOT NULL,
  rango integer NOT NULL,
  punteggio numeric(4, 3) NOT NULL,
  stato text NOT NULL,
  PRIMARY KEY (tipo, metodo)
) ON COMMIT DROP;

-- Addresses in words, once each: what Python made of them.
CREATE TEMPORARY TABLE vie (
  toponimo text NOT NULL,
  indirizzo text NOT NULL,
  chiave text NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE numeri (
  testo text NOT NULL,
  numero integer,
  coda text NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE nomi_vie (
  odonimo bigint NOT NULL,
  periodo daterange NOT NULL,
  chiave text NOT NULL
) ON COMMIT DROP;
-- Names that no street has, and the one they were meant to be (nomi.py).
CREATE TEMPORARY TABLE nomi_simili (
  scritta text NOT NULL,
  chiave text NOT NULL,
  certa boolean NOT NULL
) ON COMMIT DROP;

-- What persons decided about pairs: no computed link stands beside it.
CREATE TEMPORARY TABLE giudicati ON COMMIT DROP AS
SELECT tipo, da, a, daterange(valida_dal, valida_al) AS periodo, stato, metodo, punteggio,
  misura, quota, evidenza, '{}'::bigint[] AS forniture
FROM registro.legame
WHERE comune = :comune AND nota_fino IS NULL AND autore <> 'calcolo';
CREATE INDEX ON pg_temp.giudicati (tipo, da, a);
ANALYZE pg_temp.giudicati;

CREATE TEMPORARY TABLE da_chiudere (versione bigint PRIMARY KEY, tipo text NOT NULL)
ON COMMIT DROP;
