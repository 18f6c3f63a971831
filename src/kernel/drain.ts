type Leave = () => Promise<void> | void;

/** Whether the process takes new work, and what must be handed over before it ends. */
export class Drain {
  private readonly leaving: { readonly name: string; readonly leave: Leave }[] = [];
  private started: Promise<void> | undefined;

  /** True from the first signal to stop. */
  get draining(): boolean {
    return this.started !== undefined;
  }

  /** Registers what to do when the process is asked to stop, while connections are still open. */
  onDrain(name: string, leave: Leave): void {
    this.leaving.push({ name, leave });
  }

  /** Runs every registered hand-over once, all at the same time; a failing one does not stop the others. */
  start(): Promise<void> {
    this.started ??= Promise.resolve().then(() => this.run());
    return this.started;
  }

  private async run(): Promise<void> {
    await Promise.allSettled(this.leaving.map(async ({ leave }) => leave()));
  }
}
