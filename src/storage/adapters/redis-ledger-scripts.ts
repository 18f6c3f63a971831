import { CALL_MEMORY_MS, LEASE_GRAIN_MS, LONGEST_LEASE_MS, WINDOW_MS } from '../ledger.policy.js';

/*
 * An account is one hash: in its field `a` day, settled, reserved, due (no lease ends before) and since; for each call that
 * holds something a field `=<call>` with what it holds and until when. What a call was charged is a string beside it, `<tokens> <1 when it is over> <until> <money>`.
 */

/** Defines `open` and `save`; needs `now`. The twin of `inWindow` in `ledger.policy.ts`. */
export const LEDGER = `
local today = math.floor(now / ${WINDOW_MS})
local lastDay = today
local tally = {}
local function whole(n) return string.format('%.0f', n) end
local function release(account)
  local fields = redis.call('HGETALL', account.key)
  account.due = 0
  for i = 1, #fields, 2 do
    local held, ends = string.match(fields[i + 1], '^(%d+) (%d+)$')
    if held and tonumber(ends) <= now then
      redis.call('HDEL', account.key, fields[i])
      account.reserved = account.reserved - tonumber(held)
    elseif held and (account.due == 0 or tonumber(ends) < account.due) then
      account.due = tonumber(ends)
    end
  end
end
local function isEmpty(account) return account.settled == 0 and account.reserved == 0 and account.since == 0 end
local function save(account, lease)
  local key = account.key
  if isEmpty(account) then return redis.call('DEL', key) end
  redis.call('HSET', key, 'a', string.format('%.0f %.0f %.0f %.0f %.0f', account.day, account.settled, account.reserved,
    account.due, account.since), unpack(lease or {}))
  if account.begins then redis.call('PEXPIRE', key, whole((account.day + 1) * ${WINDOW_MS} + ${LONGEST_LEASE_MS} - now)) end
end
local function open(key, lease)
  local kept = redis.pcall('HMGET', key, 'a', lease)
  if kept.err then
    redis.call('DEL', key)
    kept = {}
  end
  local day, settled, reserved, due, since = string.match(kept[1] or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  local account = {key = key, day = tonumber(day or today), settled = tonumber(settled or 0),
    reserved = tonumber(reserved or 0), due = tonumber(due or 0), since = tonumber(since or 0), mine = 0, begins = not day}
  local stale = account.due > 0 and account.due <= now
  if stale then release(account) end
  if account.day < today then
    account.day, account.settled, account.since = today, 0, today * ${WINDOW_MS}
    account.begins = true
    stale = true
  end
  if stale then
    if isEmpty(account) then account.day, account.begins = today, true end
    save(account)
  end
  local held, ends = string.match(kept[2] or '', '^(%d+) (%d+)$')
  if held and tonumber(ends) > now then account.mine = tonumber(held) end
  if account.day > lastDay then lastDay = account.day end
  return account
end
local function tell(account)
  tally[#tally + 1] = account.settled
  tally[#tally + 1] = account.reserved
  tally[#tally + 1] = account.since
end
`;

/**
 * The twin of `costSince` and `decideHold` in `ledger.policy.ts`; needs `now`. KEYS: charge, accounts. ARGV: call, charged, held, lease,
 * charged and held in money, then of each account the limit and what it counts: 1 tokens, 2 money. → granted, and the tally.
 */
export const HOLDING = `${LEDGER}
local wanted = {tonumber(ARGV[3]), tonumber(ARGV[6])}
local lease = tonumber(ARGV[4])
local ends = math.ceil((now + lease) / ${LEASE_GRAIN_MS}) * ${LEASE_GRAIN_MS}
local known = redis.pcall('GET', KEYS[1])
local was, over, remembered, wasCost = string.match(type(known) == 'string' and known or '', '^(%d+) (%d) (%d+) ?(%d*)$')
if was and tonumber(remembered) <= now then
  redis.call('DEL', KEYS[1])
  was, over, wasCost = nil, nil, nil
end
local before = {tonumber(was or 0), tonumber(wasCost or 0) or 0}
local total = {tonumber(ARGV[2]), tonumber(ARGV[5])}
local ending = wanted[1] == 0
if ending then wanted[2] = 0 end
if not ending then total = {math.max(before[1], total[1]), math.max(before[2], total[2])} end
local late = not ending and over == '1'
if late then
  total = before
elseif total[1] > 0 or total[2] > 0 or ending then
  redis.call('SET', KEYS[1], table.concat({whole(total[1]), ending and '1' or '0', whole(now + lease + ${CALL_MEMORY_MS}),
    whole(total[2])}, ' '), 'PX', whole(lease + ${CALL_MEMORY_MS}))
end
local granted = late and 0 or 1
local accounts = {}
for i = 2, #KEYS do
  local account = open(KEYS[i], '=' .. ARGV[1])
  local counts = tonumber(ARGV[2 * i + 4])
  account.charged, account.wanted = total[counts] - before[counts], wanted[counts]
  accounts[i - 1] = account
  local mine = account.mine
  if account.wanted > 0 and account.charged + account.wanted > mine
    and account.settled + account.charged + account.reserved - mine + account.wanted > tonumber(ARGV[2 * i + 3]) then granted = 0 end
end
for _, account in ipairs(accounts) do
  local mine, charged = account.mine, account.charged
  local held = late and 0 or account.wanted
  if granted == 0 and not late then held = math.min(account.wanted, math.max(0, mine - charged)) end
  account.settled = math.max(0, account.settled + charged)
  account.reserved = account.reserved + held - mine
  if held > 0 then
    if account.due == 0 or ends < account.due then account.due = ends end
    save(account, {'=' .. ARGV[1], whole(held) .. ' ' .. whole(ends)})
  elseif mine > 0 or charged ~= 0 then
    if mine > 0 then redis.call('HDEL', account.key, '=' .. ARGV[1]) end
    save(account)
  end
  tell(account)
end
return {granted, now, lastDay, unpack(tally)}
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
return {now, lastDay, unpack(tally)}
`;
