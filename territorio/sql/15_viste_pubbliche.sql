-- What the public may read: facts about things, as the registry knows them now, for any day.
-- No person, no household, nothing that follows from them; no view reads schema persone.
-- Replaced at every migration. A view works with the rights of its owner, so that the public
-- role needs none on the tables; who serves one municipality filters by it.
-- On a day: valida_dal <= day < valida_al, an empty end being open. The office's own word
-- (fonte ufficio) counts before that of the deliveries.

CREATE OR REPLACE VIEW pubblico.comune AS
SELECT c.comune, c.denominazione, c.istat, c.provincia, c.utm, c.inventato
FROM registro.comune c;

-- One row: the number that changes with every change of the data, and when it did; and one that
-- changes with all that follows from the data (registro.elaborazione), which comes after.
CREATE OR REPLACE VIEW pubblico.versione AS
SELECT coalesce(r.numero, 0) AS numero, r.quando,
  (SELECT coalesce(sum(e.registrazione), 0)::bigint FROM registro.elaborazione e) AS elaborato
FROM (VALUES (1)) AS una (riga)
LEFT JOIN LATERAL (
  SELECT numero, quando FROM registro.registrazione ORDER BY numero DESC LIMIT 1
) AS r ON true;

CREATE OR REPLACE VIEW pubblico.fonte AS
SELECT f.codice, f.titolo, f.editore, f.licenza, f.cadenza FROM registro.fonte f;

CREATE OR REPLACE VIEW pubblico.confine AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.istat,
  t.denominazione, t.geometria
FROM registro.confine t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.foglio AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al,
  t.comune_catastale, t.sezione, t.foglio, t.allegato, t.sviluppo, t.scala, t.geometria
FROM registro.foglio t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.particella AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al,
  t.comune_catastale, t.sezione, t.foglio, t.allegato, t.sviluppo, t.numero, t.denominatore,
  t.classe, t.area_mq, t.geometria
FROM registro.particella t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.edificio AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.provvisorio,
  t.uso, t.tipo, t.stato, t.piani, t.altezza_m, t.anno, t.area_mq,
  CASE WHEN t.provvisorio THEN 'provvisorio'
    WHEN left(t.uso, 2) = '01' THEN 'residenziale'
    WHEN left(t.uso, 2) IN ('02', '03', '04', '05', '06', '10') THEN 'pubblico'
    WHEN left(t.uso, 2) IN ('07', '12') THEN 'commerciale'
    WHEN left(t.uso, 2) = '08' THEN 'produttivo'
    WHEN left(t.uso, 2) = '09' OR left(t.tipo, 2) = '09' THEN 'rurale'
    ELSE 'altro' END AS classe,
  t.geometria
FROM registro.edificio t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.odonimo AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al,
  t.progressivo_nazionale, t.denominazione, t.localita, t.lingua1, t.lingua2
FROM registro.odonimo t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.civico AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al,
  t.progressivo_accesso, t.odonimo, t.numero, t.esponente, t.specificita, t.metrico, t.geometria
FROM registro.civico t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.zona AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.strumento,
  t.sigla, t.zto, t.destinazione, t.indice_fondiario, t.norma,
  CASE WHEN upper(left(t.zto, 1)) IN ('A', 'B', 'C', 'D', 'E', 'F') THEN upper(left(t.zto, 1))
    WHEN t.zto IN ('01', '02', '03', '04', '05', '06') THEN chr(64 + t.zto::integer)
    ELSE 'altro' END AS classe,
  t.geometria
FROM registro.zona_urbanistica t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.vincolo AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.tipo,
  t.denominazione, t.atto, t.data_atto, t.rubrica, t.codice_nazionale, t.codice_regionale,
  CASE WHEN t.tipo IN ('P_LAGHI', 'P_FIUMI', 'P_UMIDE') OR left(t.tipo, 2) IN ('T_', 'G_')
      THEN 'acque'
    WHEN left(t.tipo, 2) = 'P_' THEN 'beni'
    WHEN left(t.tipo, 2) = 'U_' THEN 'rispetto'
    ELSE 'altro' END AS classe,
  t.geometria
FROM registro.vincolo t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.area_pericolosita AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.fenomeno,
  t.classe, t.denominazione, t.autorita, t.strumento, t.data_atto,
  CASE WHEN t.classe = 'studio' THEN 'studio'
    WHEN t.fenomeno IN ('frana', 'alluvione', 'valanga')
      THEN t.fenomeno || '_' || lower(t.classe)
    ELSE 'altro' END AS disegno,
  t.geometria
FROM registro.area_pericolosita t WHERE t.nota_fino IS NULL;

-- Without the residents and the households of the census: in many a section stands one house.
CREATE OR REPLACE VIEW pubblico.sezione_censimento AS
SELECT t.comune, t.id, t.fonte, t.fornitura, t.riga, t.valida_dal, t.valida_al, t.sezione,
  t.numero, t.istat, t.tipo_localita, t.localita, t.abitazioni, t.edifici, t.geometria
FROM registro.sezione_censimento t WHERE t.nota_fino IS NULL;

CREATE OR REPLACE VIEW pubblico.densita AS
SELECT d.comune, d.x, d.y, d.giorno, d.delta FROM registro.densita d;

CREATE OR REPLACE VIEW pubblico.disegno AS
SELECT d.comune, d.tipo, d.id, d.valida_dal, d.valida_al, d.classe, d.testo, d.geometria
FROM registro.disegno d;
