import type { Holding, LedgerAccount, LedgerCall, PastCharge } from '../hot.port.js';
import { endOfDay, type Tally, WINDOW_MS } from '../ledger.policy.js';

/** Numbers the scripts tell of an account. */
const NUMBERS = 3;

/** As the script takes them: the call, then the limit of each account and whether it counts money. */
export const holdArguments = (accounts: readonly LedgerAccount[], call: LedgerCall): readonly string[] => [
  call.id,
  String(call.charged),
  String(call.held),
  String(call.leaseMs),
  String(call.cost?.charged ?? 0),
  String(call.cost?.held ?? 0),
  ...accounts.flatMap(({ limit, counts }) => [String(limit), counts === 'cost' ? '2' : '1']),
];

export const seedArguments = (charges: readonly PastCharge[], endsAt: number): readonly string[] => [
  String(endsAt / WINDOW_MS - 1),
  ...charges.map(({ settled }) => String(settled)),
];

/** @throws Error when the reply is none of the script's */
export function holdingOf(reply: unknown): Holding {
  const [granted, ...tally] = numbersOf(reply);
  return { granted: granted === 1, ...tallyOf(tally) };
}

/** @param numbers now, day, then settled, reserved and since of each account */
export function tallyOf(numbers: readonly number[]): Tally {
  const [at = 0, day = 0] = numbers;
  const accounts: Tally['accounts'][number][] = [];
  for (let first = 2; first < numbers.length; first += NUMBERS) {
    const [settled = 0, reserved = 0, since = 0] = numbers.slice(first, first + NUMBERS);
    accounts.push({ settled, reserved, since });
  }
  return { at, endsAt: endOfDay(day), accounts };
}

/** @throws Error when the reply is none of a script's that counts */
export function numbersOf(reply: unknown): readonly number[] {
  const numbers = Array.isArray(reply) ? reply.map(Number) : [];
  if (numbers.length === 0 || numbers.some(Number.isNaN)) {
    throw new Error('Redis gave an answer that the script does not give');
  }
  return numbers;
}
