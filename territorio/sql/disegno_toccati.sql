-- Objects the map draws beforehand of which something was learnt or given up after a change.
-- Reads the facts; writes nothing. Parameters: comune, vista (the number of the change).
SELECT t.id FROM registro.particella t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
UNION
SELECT t.id FROM registro.edificio t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
UNION
SELECT t.id FROM registro.foglio t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
UNION
SELECT t.id FROM registro.zona_urbanistica t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
UNION
SELECT t.id FROM registro.vincolo t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
UNION
SELECT t.id FROM registro.area_pericolosita t
WHERE t.comune = :comune AND (t.nota_da > :vista OR t.nota_fino > :vista)
