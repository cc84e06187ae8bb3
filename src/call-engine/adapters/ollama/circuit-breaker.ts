export interface CircuitBreakerOptions {
  /** Failures in a row after which nothing is asked any more. */
  failureThreshold: number;
  /** How long nothing is asked; then one request tries again. */
  openMs: number;
  nowMs: () => number;
}

/** Spares calls the wait for a service that is down: `closed` → (failures) → `open` → (time) → one trial → `closed`. */
export class CircuitBreaker {
  private failures = 0;
  private openedAtMs: number | null = null;
  private isTrying = false;

  constructor(private readonly options: CircuitBreakerOptions) {}

  /** True when a request may go out; after `openMs` for a single one until its outcome is told. */
  allows(): boolean {
    if (this.openedAtMs === null) return true;
    if (this.isTrying || this.options.nowMs() - this.openedAtMs < this.options.openMs) return false;
    this.isTrying = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.openedAtMs = null;
    this.isTrying = false;
  }

  failed(): void {
    this.failures += 1;
    if (this.isTrying || this.failures >= this.options.failureThreshold) {
      this.openedAtMs = this.options.nowMs();
    }
    this.isTrying = false;
  }

  /** The request ended without telling anything about the service (the call was hung up). */
  abandoned(): void {
    this.isTrying = false;
  }
}
