import { SystemClock } from '#src/kernel/index.js';
import { rsaKey } from '../forged-token.ts';
import type { ScriptedUpstream } from '../scripted-upstream.ts';
import { TestIssuer } from '../test-issuer.ts';
import { Attack } from './attack.ts';
import { callersEnv, callersOf } from './callers.ts';
import { modelEnv, startModel } from './model.ts';

/** A bucket that all of the attack does not empty, and that hardly refills meanwhile. */
const LIMITS = { RATE_LIMIT_RPM: '60', RATE_LIMIT_BURST: '1000000' } as const;
/** Nobody is answered otherwise because the machine is slow, ms. */
const PATIENCE = { REDIS_COMMAND_TIMEOUT: '20000', DATABASE_TIMEOUT: '20000' } as const;

/** Everything that may be remembered is. */
const MEMORY = { PROMPT_CACHE_CALLS: 'all' } as const;

/** What an attacked service needs around it. */
export class AttackedWorld implements AsyncDisposable {
  private constructor(
    private readonly issuer: TestIssuer,
    private readonly impostor: TestIssuer,
    private readonly model: ScriptedUpstream,
  ) {}

  static async start(): Promise<AttackedWorld> {
    const clock = new SystemClock();
    const [issuer, impostor] = await Promise.all([TestIssuer.open(clock), TestIssuer.open(clock, rsaKey())]);
    return new AttackedWorld(issuer, impostor, await startModel());
  }

  /** For the service; keys and stores are not in it. */
  get env(): Readonly<Record<string, string>> {
    return { ...callersEnv(this.issuer), ...modelEnv(this.model), ...LIMITS, ...PATIENCE, ...MEMORY };
  }

  /**
   * @param url of a service with this environment and the keys of the test application
   * @param only the operation to attack; all of them when left out
   */
  attack(url: string, only?: string): Promise<Attack> {
    return Attack.on(url, callersOf(this.issuer, this.impostor), only);
  }

  /** Ends what is still at work, too. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.model.close(), this.issuer.close(), this.impostor.close()]);
  }
}
