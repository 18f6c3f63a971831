/** The most an answer may quote of itself in a repair round, in characters. */
const MAX_QUOTED = 200_000;
const MAX_FAULTS = 20;

/** What a repair round adds to a conversation: the answer that did not fit, and what is asked of the next one. */
export type Repair = readonly [answer: string, demand: string];

export function repairOf(answer: string, faults: readonly string[]): Repair {
  const listed = faults.slice(0, MAX_FAULTS).map((fault) => `- ${fault}`);
  const demand = `That answer does not fit the schema:\n${listed.join('\n')}\nGive the whole corrected answer, as JSON and nothing else.`;
  return [answer.slice(0, MAX_QUOTED), demand];
}
