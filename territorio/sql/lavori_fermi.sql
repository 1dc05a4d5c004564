-- Entries of the queue that are under way while nobody holds the lock of their job.
-- Reads lavori.procrastinate_jobs, lavori.procrastinate_events, pg_locks.
-- Parameters: classe. A job just fetched has some seconds to take its lock.
SELECT j.id
FROM lavori.procrastinate_jobs AS j
WHERE j.status = 'doing' AND j.args ? 'lavoro'
  AND NOT EXISTS (
    SELECT FROM pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.granted
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid::bigint = :classe
      AND l.objid::bigint = (j.args ->> 'lavoro')::bigint AND l.objsubid = 2
  )
  AND NOT EXISTS (
    SELECT FROM lavori.procrastinate_events AS e
    WHERE e.job_id = j.id AND e.type = 'started' AND e.at > now() - interval '5 seconds'
  )
ORDER BY j.id
