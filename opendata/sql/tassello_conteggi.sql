-- How many objects of a collection lie in each part of a square, where single ones would be too
-- many and too small. Reads pubblico.conteggio. May run any number of times.
-- Parameters: collezione, ultimo (the day asked about), and of the square: x, y, passo (how many
-- bits a part is coarser than a square of zoom 16) and the first and last column and row of its
-- parts in squares of zoom 16 (c0, c1, r0, r1). A part is an eighth of the side: 512 units.
SELECT ST_AsMVT(f, '/* strato */', 4096, 'geom', 'id'), count(*)
FROM (
  SELECT CAST(c.cx AS bigint) * 65536 + c.cy AS id, c.conteggio,
    ST_MakePoint((c.cx - :x * 8) * 512 + 256, (c.cy - :y * 8) * 512 + 256) AS geom
  FROM (
    SELECT d.x >> CAST(:passo AS integer) AS cx, d.y >> CAST(:passo AS integer) AS cy,
      CAST(sum(d.delta) AS integer) AS conteggio
    FROM pubblico.conteggio d
    WHERE d.collezione = :collezione AND d.x BETWEEN :c0 AND :c1 AND d.y BETWEEN :r0 AND :r1
      AND d.giorno <= CAST(:ultimo AS date)
    GROUP BY 1, 2
  ) c
  WHERE c.conteggio > 0
  OFFSET 0
) f
