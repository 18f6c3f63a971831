import { CALL_MEMORY_MS, LEASE_GRAIN_MS, LONGEST_LEASE_MS, WINDOW_MS } from '../ledger.policy.js';
import { packed } from './redis-numbers.js';

/*
 * An account is one hash: in its field `s` how it stands, and for each call that holds something a field `=<call>`. What a call
 * was charged is a string beside it. All three are packed doubles, exact for whole numbers below 2^53: text would be most of
 * what a script costs. `struct.unpack` shows them.
 */

/** Day, settled, reserved, due (no lease ends before) and since. */
const STANDING = { form: '<ddddd', bytes: 40 };
/** What a call holds, and until when. */
const LEASE = { form: '<dd', bytes: 16 };
/** Tokens, money, until when it is remembered, and 1 when the call is over. */
const CHARGE = { form: '<dddd', bytes: 32 };

/** Defines `open`, `save` and `tell`; needs `now`. The twin of `inWindow` in `ledger.policy.ts`. */
export const LEDGER = `
local today = math.floor(now / ${WINDOW_MS})
local lastDay = today
local tally = {}
local function save(account, ...)
  local key = account.key
  if account.settled == 0 and account.reserved == 0 and account.since == 0 then
    account.day, account.begins = today, true
    return redis.call('DEL', key)
  end
  redis.call('HSET', key, 's', struct.pack('${STANDING.form}', account.day, account.settled, account.reserved, account.due,
    account.since), ...)
  if account.begins then redis.call('PEXPIRE', key, (account.day + 1) * ${WINDOW_MS} + ${LONGEST_LEASE_MS} - now) end
end
local function renew(account)
  local fields = redis.call('HGETALL', account.key)
  account.due = 0
  for i = 1, #fields, 2 do
    if #fields[i + 1] == ${LEASE.bytes} then
      local held, ends = struct.unpack('${LEASE.form}', fields[i + 1])
      if ends <= now then
        redis.call('HDEL', account.key, fields[i])
        account.reserved = account.reserved - held
      elseif account.due == 0 or ends < account.due then
        account.due = ends
      end
    end
  end
  if account.day < today then
    account.day, account.settled, account.since, account.begins = today, 0, today * ${WINDOW_MS}, true
  end
  save(account)
end
local function open(key, call)
  local kept = redis.pcall('HMGET', key, 's', call)
  if kept.err then
    redis.call('DEL', key)
    kept = {}
  end
  local standing, lease = kept[1], kept[2]
  if not standing or #standing ~= ${STANDING.bytes} then
    return {key = key, day = today, settled = 0, reserved = 0, due = 0, since = 0, mine = 0, begins = true}
  end
  local day, settled, reserved, due, since = struct.unpack('${STANDING.form}', standing)
  local account = {key = key, day = day, settled = settled, reserved = reserved, due = due, since = since, mine = 0}
  if day < today or (due > 0 and due <= now) then renew(account) end
  if lease and #lease == ${LEASE.bytes} then
    local held, ends = struct.unpack('${LEASE.form}', lease)
    if ends > now then account.mine = held end
  end
  if account.day > lastDay then lastDay = account.day end
  return account
end
local function tell(account)
  local n = #tally
  tally[n + 1], tally[n + 2], tally[n + 3] = account.settled, account.reserved, account.since
end
`;

/** Needs `now` and what {@link HOLDING} is told; leaves `since`, what the call cost since it was last heard of. The twin of `costSince`. */
const CHARGING = `
local call, lease, count = ARGV[1], tonumber(ARGV[2]), #KEYS - 1
local total = {tonumber(ARGV[3]), tonumber(ARGV[count + 5]) or 0}
local wanted = {tonumber(ARGV[4]), tonumber(ARGV[count + 6]) or 0}
local ending = wanted[1] == 0
if ending then wanted[2] = 0 end
local before, late = {0, 0}, false
local known = redis.pcall('GET', KEYS[1])
if known and #known == ${CHARGE.bytes} then
  local tokens, money, remembered, over = struct.unpack('${CHARGE.form}', known)
  if remembered <= now then
    redis.call('DEL', KEYS[1])
  else
    before = {tokens, money}
    late = not ending and over == 1
    if late then
      total = before
    elseif not ending then
      total = {math.max(tokens, total[1]), math.max(money, total[2])}
    end
  end
end
if ending or (not late and (total[1] > 0 or total[2] > 0)) then
  local memory = lease + ${CALL_MEMORY_MS}
  redis.call('PSETEX', KEYS[1], memory, struct.pack('${CHARGE.form}', total[1], total[2], now + memory, ending and 1 or 0))
end
local since = {total[1] - before[1], total[2] - before[2]}
`;

/**
 * The twin of `decideHold` in `ledger.policy.ts`; needs `now`. KEYS: charge, accounts. ARGV: field of the call, lease, charged and held,
 * then the limit of each account; where money counts, charged and held in money and what each account counts: 1 tokens, 2 money.
 * → granted, and the tally.
 */
export const HOLDING = `${LEDGER}${CHARGING}
local granted = late and 0 or 1
local accounts = {}
for i = 1, count do
  local account = open(KEYS[i + 1], call)
  local counts = ARGV[count + 6 + i] == '2' and 2 or 1
  account.counts, accounts[i] = counts, account
  local more = since[counts] + wanted[counts] - account.mine
  if wanted[counts] > 0 and more > 0 and account.settled + account.reserved + more > tonumber(ARGV[i + 4]) then granted = 0 end
end
local ends = math.ceil((now + lease) / ${LEASE_GRAIN_MS}) * ${LEASE_GRAIN_MS}
for i = 1, count do
  local account = accounts[i]
  local mine, charged, held = account.mine, since[account.counts], wanted[account.counts]
  if late then
    held = 0
  elseif granted == 0 then
    held = math.min(held, math.max(0, mine - charged))
  end
  account.settled = math.max(0, account.settled + charged)
  account.reserved = account.reserved + held - mine
  if held > 0 then
    if account.due == 0 or ends < account.due then account.due = ends end
    save(account, call, struct.pack('${LEASE.form}', held, ends))
  elseif mine > 0 or charged ~= 0 then
    if mine > 0 then redis.call('HDEL', account.key, call) end
    save(account)
  end
  tell(account)
end
return ${packed(['granted', 'now', 'lastDay'], 'tally')}
`;

/** Needs `now`. KEYS: accounts. ARGV: the day, then what each account spent in it. → the tally. */
export const SEEDING = `${LEDGER}
for i, key in ipairs(KEYS) do
  local account = open(key, '=')
  if account.since == 0 and account.day == tonumber(ARGV[1]) then
    account.settled = math.max(account.settled, tonumber(ARGV[i + 1]))
    account.since = now
    save(account)
  end
  tell(account)
end
return ${packed(['now', 'lastDay'], 'tally')}
`;
