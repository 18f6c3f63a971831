import { createHash } from 'node:crypto';
import { HOLDING, LEDGER, SEEDING } from './redis-ledger-scripts.js';
import { packed } from './redis-numbers.js';

/** One operation that runs undivided in the server. Every key it touches is in KEYS, all of one slot. */
export interface Script {
  readonly lua: string;
  readonly sha1: string;
}

const script = (lua: string): Script => ({ lua, sha1: createHash('sha1').update(lua).digest('hex') });

/** KEYS: value. ARGV: holder, ttl. → 1 when taken or extended. */
export const ACQUIRE = script(`
local current = redis.call('GET', KEYS[1])
if current and current ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS: value. ARGV: holder. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

/** How a script begins its refusal on a server that evicts. */
export const EVICTS = 'EVICTS';

/*
 * Leaves in `run` the life of the server's memory: its run, and how many keys it has evicted in it. A server that evicts,
 * or does not say, may forget anything at any moment, so the script ends here; with `key`, which is the epoch.
 */
const LEARN_RUN = `
local about = redis.call('INFO', 'server', 'memory', 'stats')
if string.match(about, 'maxmemory:(%d+)') ~= '0' and string.match(about, 'maxmemory_policy:([%w-]+)') ~= 'noeviction' then
  if key then redis.call('DEL', key) end
  return redis.error_reply('${EVICTS} keys to make room')
end
run = string.match(about, 'run_id:(%x+)') .. ' ' .. (string.match(about, 'evicted_keys:(%d+)') or '')
`;

/*
 * An epoch says since when a server knows what was used up, and in which life of its memory that was: it is lost together with
 * what it vouches for, and what a backup brings back belongs to another run. The server is asked about its life only by who
 * does not know it, since that costs more than all the rest.
 */
const LEARN_EPOCH = `
local life = table.remove(ARGV)
local at = table.remove(ARGV)
local known = table.remove(ARGV)
local key = table.remove(KEYS)
local epoch = redis.call('HMGET', key, 'run', 'since')
local run = known
if run == '' or run ~= epoch[1] then
${LEARN_RUN}
end
if run ~= epoch[1] then
  redis.call('HSET', key, 'run', run, 'since', at)
  epoch[2] = at
end
redis.call('PEXPIRE', key, life)
`;

/** KEYS: epoch. ARGV: run or '', now, life of the epoch. → the server's run. */
export const BEGIN_EPOCH = script(`${LEARN_EPOCH}
return run
`);

/** Of a server of which no epoch is asked. → its run. */
export const LEARN_SERVER = script(`
local key
local run
${LEARN_RUN}
return run
`);

/**
 * The twin of `spend` in `bucket.policy.ts`. KEYS: buckets, then others. ARGV: cost, then capacity and refill of each bucket;
 * needs `now` and leaves `granted` and `missing`.
 * A value that is no bucket counts as none: it would be refused for ever, where nothing else removes it.
 */
export const SPENDING = `
local cost = tonumber(ARGV[1])
local granted = 1
local stepped = false
local missing = {}
local buckets = (#ARGV - 1) / 2
for i = 1, buckets do
  local key = KEYS[i]
  local capacity = tonumber(ARGV[2 * i])
  local kept = redis.pcall('GET', key)
  local was, at = string.match(type(kept) == 'string' and kept or '', '^(%d+) (%d+)$')
  missing[i] = 0
  if was then
    local elapsed = math.max(0, now - at)
    if now < tonumber(at) then stepped = true end
    missing[i] = math.max(0, math.min(tonumber(was), capacity) - elapsed * tonumber(ARGV[2 * i + 1]))
  end
  if missing[i] + cost > capacity then granted = 0 end
end
if granted == 1 then
  for i = 1, buckets do missing[i] = missing[i] + cost end
end
if stepped or (granted == 1 and cost > 0) then
  for i = 1, buckets do
    local fullAfter = math.ceil(missing[i] / tonumber(ARGV[2 * i + 1]))
    redis.call('SET', KEYS[i], string.format('%.0f %.0f', missing[i], now), 'PX', string.format('%.0f', fullAfter + 1000))
  end
end
`;

/** The server's clock, in Unix ms: the only one that all processes share. */
const SERVER_TIME = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: buckets. ARGV: cost, then capacity and refill of each. → 1 when granted, what each lacks after it. */
export const SPEND = script(`${SERVER_TIME}${SPENDING}
return ${packed(['granted'], 'missing')}
`);

/** Leaves `granted`, and in `missing` what each bucket lacks and the tally. */
const SPENDING_AND_TALLYING = `${SERVER_TIME}${SPENDING}${LEDGER}
for i = buckets + 1, #KEYS do tell(open(KEYS[i], '=')) end
missing[buckets + 1] = now
missing[buckets + 2] = lastDay
for i, n in ipairs(tally) do missing[buckets + 2 + i] = n end
`;

/** As {@link SPEND}, with accounts as further KEYS. → 1 when granted, what each bucket lacks after it, the tally. */
export const SPEND_AND_TALLY = script(`${SPENDING_AND_TALLYING}
return ${packed(['granted'], 'missing')}
`);

/**
 * Uses something up; the first use is followed by {@link SPEND_AND_TALLY}. KEYS: those of that, then value, epoch. ARGV: those of
 * that, then made at, ttl, run or '', now, life of the epoch. → the server's run, or 0 if that is the one named; 1 first, 2 repeated,
 * 3 forgotten; since when the server remembers; of a first use what was drawn.
 */
export const ONCE = script(`${LEARN_EPOCH}
local ttl = table.remove(ARGV)
local madeAt = table.remove(ARGV)
local value = table.remove(KEYS)
local since = tonumber(epoch[2])
local news = run == known and 0 or run
if tonumber(madeAt) <= since then return {news, struct.pack('<dd', 3, since)} end
if not redis.call('SET', value, '', 'PX', ttl, 'NX') then return {news, struct.pack('<dd', 2, since)} end
${SPENDING_AND_TALLYING}
return {news, ${packed(['1', 'since', 'granted'], 'missing')}}
`);

/** One call in its accounts, as `HOLDING` says. */
export const HOLD = script(`${SERVER_TIME}${HOLDING}`);

/** What accounts spent, as `SEEDING` says. */
export const SEED = script(`${SERVER_TIME}${SEEDING}`);

/** KEYS: group (sorted set of members by their end). ARGV: member, ttl. → how many members are here. */
export const ATTEND = script(`${SERVER_TIME}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], last[2])
return redis.call('ZCARD', KEYS[1])
`);

/*
 * A log is four names in one slot: meta (hash), entries (stream), lease (string, expires) and a shard channel.
 * An entry's id is '<last number>-0', its fields are f = first number and d = data.
 */

/** KEYS: meta, entries, lease. ARGV: holder, lease, ttl, header. → 1 when made. */
export const OPEN_LOG = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'header', ARGV[4], 'state', '', 'holder', ARGV[1], 'first', '1', 'last', '0',
  'final', '0', 'cancel', '0', 'bytes', '0', 'events', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
return 1
`);

/**
 * KEYS: meta, entries, lease, channel. ARGV: holder, lease, ttl, max events, max bytes, first, last, data, state, final,
 * largest notice. → outcome, cancel requested. The twin of `decideAppend`.
 */
export const APPEND = script(`
local log = redis.call('HMGET', KEYS[1], 'holder', 'first', 'last', 'final', 'cancel', 'bytes', 'events')
if not log[1] then return {'lost'} end
if log[1] ~= ARGV[1] then return {'fenced'} end
local last = tonumber(log[3])
if last > 0 and redis.call('EXISTS', KEYS[2]) == 0 then return {'lost'} end
local final = log[4]
if tonumber(ARGV[7]) > last then
  if final == '1' then return {'finished'} end
  if tonumber(ARGV[6]) ~= last + 1 then return {'lost'} end
  final = ARGV[10]
  local first = log[2]
  local bytes = tonumber(log[6]) + #ARGV[8]
  local events = tonumber(log[7]) + tonumber(ARGV[7]) - last
  redis.call('XADD', KEYS[2], ARGV[7] .. '-0', 'f', ARGV[6], 'd', ARGV[8])
  while events > tonumber(ARGV[4]) or bytes > tonumber(ARGV[5]) do
    local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 2)
    if #oldest < 2 then break end
    redis.call('XTRIM', KEYS[2], 'MINID', oldest[2][1])
    local oldestLast = tonumber(string.match(oldest[1][1], '^%d+'))
    events = events - (oldestLast - tonumber(oldest[1][2][2]) + 1)
    bytes = bytes - #oldest[1][2][4]
    first = oldest[2][2][2]
  end
  redis.call('HSET', KEYS[1], 'state', ARGV[9], 'first', first, 'last', ARGV[7], 'final', final,
    'bytes', string.format('%.0f', bytes), 'events', string.format('%.0f', events))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
if final == '1' then redis.call('DEL', KEYS[3]) else redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2]) end
local notice = ''
if #ARGV[8] <= tonumber(ARGV[11]) then notice = ARGV[6] .. ':' .. ARGV[7] .. ':' .. ARGV[8] end
redis.call('SPUBLISH', KEYS[4], notice)
return {'stored', log[5]}
`);

/** KEYS: meta, entries, lease. ARGV: holder, lease, ttl. → outcome, cancel requested. */
export const RENEW_LOG = script(`
local log = redis.call('HMGET', KEYS[1], 'holder', 'final', 'cancel', 'last')
if not log[1] then return {'lost'} end
if log[1] ~= ARGV[1] then return {'fenced'} end
if log[2] == '1' then return {'finished'} end
if log[4] ~= '0' and redis.call('PEXPIRE', KEYS[2], ARGV[3]) == 0 then return {'lost'} end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
return {'stored', log[3]}
`);

/** KEYS: meta, entries, lease. ARGV: holder, lease, ttl. → 1 when taken. */
export const TAKE_OVER_LOG = script(`
local log = redis.call('HMGET', KEYS[1], 'final', 'last')
if log[1] ~= '0' then return 0 end
local lease = redis.call('GET', KEYS[3])
if lease and lease ~= ARGV[1] then return 0 end
if log[2] ~= '0' and redis.call('PEXPIRE', KEYS[2], ARGV[3]) == 0 then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('HSET', KEYS[1], 'holder', ARGV[1])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS: meta, channel. → 1 when the request is noted. */
export const REQUEST_CANCEL = script(`
if redis.call('HGET', KEYS[1], 'final') ~= '0' then return 0 end
redis.call('HSET', KEYS[1], 'cancel', '1')
redis.call('SPUBLISH', KEYS[2], '')
return 1
`);

/** KEYS: meta, entries, lease. ARGV: after, max bytes. → head, then per batch its id, first number and data; empty when gone. */
export const READ_LOG = script(`
local log = redis.call('HMGET', KEYS[1], 'header', 'state', 'first', 'last', 'final', 'cancel', 'bytes')
if not log[1] then return {} end
local count = 0
if log[4] ~= '0' then count = redis.call('XLEN', KEYS[2]) end
if log[4] ~= '0' and count == 0 then return {} end
local answer = {log[1], log[2], log[3], log[4], log[5], tostring(redis.call('EXISTS', KEYS[3])), log[6]}
if count == 0 then return answer end
local left = tonumber(ARGV[2])
local page = math.max(1, math.min(256, math.ceil(left / math.max(1, tonumber(log[7]) / count))))
local from = '(' .. ARGV[1]
local found = 0
while true do
  local entries = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', page)
  for _, entry in ipairs(entries) do
    left = left - #entry[2][4]
    if left < 0 and found > 0 then return answer end
    found = found + 1
    answer[#answer + 1] = entry[1]
    answer[#answer + 1] = entry[2][2]
    answer[#answer + 1] = entry[2][4]
  end
  if #entries < page then return answer end
  from = '(' .. entries[#entries][1]
end
`);
