-- What the office role needs to keep the tables of search in step with its own acts: they hold
-- nothing that the facts do not, so it may empty them. Re-applied after each migration.
GRANT DELETE ON registro.disegno, registro.ricerca, registro.densita, persone.ricerca TO territorio_ufficio;
-- The same of the published collections.
GRANT INSERT, DELETE ON pubblico.comuni, pubblico.fogli, pubblico.particelle, pubblico.edifici,
  pubblico.civici, pubblico.odonimi, pubblico.zone_urbanistiche, pubblico.vincoli,
  pubblico.aree_pericolosita, pubblico.sezioni_censimento, pubblico.statistiche_sezioni TO territorio_ufficio;
