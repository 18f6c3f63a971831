/** A dependency that can be replaced by a fallback. */
export type Dependency = 'redis' | 'sql' | 'jwks' | 'model';

/** Which dependencies are replaced by a fallback right now; shown in `X-Countersign-Degraded` and `/v1/status`. */
export class Degradation {
  private readonly current = new Set<Dependency>();
  private text = '';

  /** The header value: a comma list, empty when nothing is degraded. */
  get header(): string {
    return this.text;
  }

  get list(): readonly Dependency[] {
    return [...this.current];
  }

  mark(dependency: Dependency, degraded: boolean): void {
    if (this.current.has(dependency) === degraded) return;
    if (degraded) this.current.add(dependency);
    else this.current.delete(dependency);
    this.text = [...this.current].sort().join(', ');
  }
}
