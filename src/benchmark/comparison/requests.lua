-- What wrk sends and prints. Arguments: a file of tokens, sent in turn; "fresh", if each is to be new, by a number after it;
-- an ETag for If-None-Match, or none.
local requests = {}
local sent = 0
local fresh, token, etag

local function with(value)
   return wrk.format("GET", nil, {Authorization = "Bearer " .. value, ["If-None-Match"] = etag})
end

function init(args)
   fresh = args[2] == "fresh"
   etag = args[3]
   for line in io.lines(args[1]) do
      token = line
      requests[#requests + 1] = with(line)
   end
   -- another round's numbers are not these
   math.randomseed(os.time())
   token = token .. math.random(1000000, 9999999)
   -- nor is it always the first of many tokens that are known
   sent = math.random(#requests)
end

function request()
   sent = sent + 1
   if fresh then
      return with(token .. sent)
   end
   return requests[sent % #requests + 1]
end

function done(summary, latency, _)
   local errors = summary.errors
   print(string.format("answers=%d micros=%d bytes=%d errors=%d p50=%d p99=%d", summary.requests, summary.duration, summary.bytes,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
