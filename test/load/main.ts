import { parseArgs } from 'node:util';
import { accept, acceptedOf, writeResult } from './harness/baseline.ts';
import { moveToLoadCore, pinningFault } from './harness/cores.ts';
import { FULL, type Plan, QUICK } from './harness/plan.ts';
import type { Row } from './harness/row.ts';
import { stopServers } from './harness/server.ts';
import { tableOf } from './harness/table.ts';
import { rows } from './rows/index.ts';

/** Measures the rows named on the command line, or all. Speed never fails a run; an answer that is wrong does. */

const USAGE = `npm run bench -- [${rows.map(({ id }) => id).join('|')}]… [--quick] [--accept] [--profile] [--no-pin]`;

const { values, positionals } = commandLine();

function commandLine() {
  const flag = { type: 'boolean', default: false } as const;
  const options = { quick: flag, accept: flag, profile: flag, 'no-pin': flag };
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  console.error(`${why}\n${USAGE}`);
  process.exit(2);
}

function chosenRows(): readonly Row[] {
  const unknown = positionals.filter((name) => !rows.some(({ id }) => id.toLowerCase() === name.toLowerCase()));
  if (unknown.length > 0) refuse(`No such row: ${unknown.join(', ')}`);
  const wanted = new Set(positionals.map((name) => name.toLowerCase()));
  return wanted.size === 0 ? rows : rows.filter(({ id }) => wanted.has(id.toLowerCase()));
}

function planned(): Plan {
  if (values.accept && (values.quick || values.profile)) refuse('Only a full run without profiles can be accepted');
  const fault = values['no-pin'] ? 'not pinned, as asked' : pinningFault();
  if (fault !== undefined) console.log(`Figures are less steady: ${fault}.`);
  if (values.quick) console.log('Quick run: the figures show that the rows work, not how fast anything is.');
  return { ...(values.quick ? QUICK : FULL), pinned: fault === undefined, profiled: values.profile };
}

async function measure(row: Row, plan: Plan): Promise<boolean> {
  try {
    const result = await row.measure(plan);
    writeResult(row, plan, result);
    console.log(tableOf(row, result, acceptedOf(row)));
    if (values.accept) accept(row, result);
    return true;
  } catch (error) {
    console.error(`${row.id}  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return false;
  } finally {
    await stopServers();
  }
}

const chosen = chosenRows();
const plan = planned();
if (plan.pinned) moveToLoadCore();

// Without its servers the row under way fails, and puts away what else it started.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    void stopServers();
  });
}

for (const row of chosen) {
  if (interrupted || !(await measure(row, plan))) process.exitCode = 1;
}
