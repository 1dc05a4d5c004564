-- Asks for the addresses of a file one after the other, each thread beginning elsewhere, and
-- ends with one line of JSON. Arguments: the file; "gzip" where answers may be compressed.
local requests, place, threads = {}, 0, 0

function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end

function init(arguments)
  if arguments[2] == "gzip" then wrk.headers["Accept-Encoding"] = "gzip" end
  for address in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", address)
  end
  place = math.floor(#requests / 2) * mine
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"richieste": %d, "secondi": %.6f, "byte": %d, "p50": %.3f, "p99": %.3f, "errori": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end
