/*
 * Scripts answer with numbers as packed doubles, exact for whole numbers below 2^53: who reads digits one by one takes longer
 * for a dozen numbers than for all the rest of an answer.
 */

const DOUBLE_BYTES = 8;

/** The Lua that packs some numbers and, behind them, those of a table. */
export const packed = (numbers: readonly string[], table: string): string =>
  `struct.pack('<' .. string.rep('d', ${numbers.length} + #${table}), ${numbers.join(', ')}, unpack(${table}))`;

/** @throws Error when the reply is none of a script's that counts */
export function numbersOf(reply: unknown): readonly number[] {
  if (!Buffer.isBuffer(reply) || reply.length === 0 || reply.length % DOUBLE_BYTES > 0) {
    throw new Error('Redis gave an answer that the script does not give');
  }
  const numbers: number[] = [];
  for (let at = 0; at < reply.length; at += DOUBLE_BYTES) numbers.push(reply.readDoubleLE(at));
  return numbers;
}
