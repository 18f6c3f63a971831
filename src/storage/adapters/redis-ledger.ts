import type { Holding, LedgerAccount, LedgerCall, PastCharge } from '../hot.port.js';
import { type AccountStanding, endOfDay, type Tally, WINDOW_MS } from '../ledger.policy.js';
import { numbersOf } from './redis-numbers.js';

/** Numbers the scripts tell of an account. */
const NUMBERS = 3;

/** As the script takes them: the call, then the limit of each account, then what has to do with money where that counts. */
export function holdArguments(accounts: readonly LedgerAccount[], call: LedgerCall): readonly string[] {
  const told = [`=${call.id}`, String(call.leaseMs), String(call.charged), String(call.held)];
  for (const { limit } of accounts) told.push(String(limit));
  if (accounts.every(({ counts }) => counts === undefined)) return told;
  told.push(String(call.cost?.charged ?? 0), String(call.cost?.held ?? 0));
  for (const { counts } of accounts) told.push(counts === 'cost' ? '2' : '1');
  return told;
}

export const seedArguments = (charges: readonly PastCharge[], endsAt: number): readonly string[] => [
  String(endsAt / WINDOW_MS - 1),
  ...charges.map(({ settled }) => String(settled)),
];

/** @throws Error when the reply is none of the script's */
export function holdingOf(reply: unknown): Holding {
  const numbers = numbersOf(reply);
  const { at, endsAt, accounts } = tallyOf(numbers, 1);
  return { granted: numbers[0] === 1, at, endsAt, accounts };
}

/** @param numbers from place `from` on: now, day, then settled, reserved and since of each account */
export function tallyOf(numbers: readonly number[], from = 0): Tally {
  const numberAt = (place: number): number => numbers[place] ?? 0;
  const accounts: AccountStanding[] = [];
  for (let at = from + 2; at < numbers.length; at += NUMBERS) {
    accounts.push({ settled: numberAt(at), reserved: numberAt(at + 1), since: numberAt(at + 2) });
  }
  return { at: numberAt(from), endsAt: endOfDay(numberAt(from + 1)), accounts };
}
