import type { Span } from './observed.ts';

/** `away`: everybody has noticed that nothing answers. `amid`: whatever touches the moments before and after that. */
export type Phase = 'before' | 'amid' | 'away' | 'after';

/** When what happened, in ms of `performance.now()`. */
export class Phases {
  private readonly at = new Map<'struck' | 'noticed' | 'lifted' | 'recovered', number>();

  mark(moment: 'struck' | 'noticed' | 'lifted' | 'recovered'): number {
    const now = performance.now();
    this.at.set(moment, now);
    return now;
  }

  of({ from, to }: Span): Phase {
    const at = (moment: Parameters<Phases['mark']>[0]): number => this.at.get(moment) ?? Number.POSITIVE_INFINITY;
    if (to <= at('struck')) return 'before';
    if (from >= at('recovered')) return 'after';
    return from >= at('noticed') && to <= at('lifted') ? 'away' : 'amid';
  }
}
