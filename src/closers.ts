import type { Logger } from 'pino';

/**
 * What a process opened, closed in reverse order of opening. Stands in for `AsyncDisposableStack`, which Node 20 lacks.
 * A step that fails is logged and does not keep the others from closing.
 */
export class Closers {
  private readonly steps: { name: string; close: () => void | Promise<void> }[] = [];
  private closing: Promise<void> | null = null;

  constructor(private readonly logger: Logger) {}

  add(name: string, close: () => void | Promise<void>): void {
    this.steps.push({ name, close });
  }

  /** May be called twice; the second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    for (const step of this.steps.reverse()) {
      try {
        await step.close();
      } catch (error) {
        this.logger.error({ err: error, resource: step.name }, 'closing failed');
      }
    }
  }
}
