import path from 'node:path';
import type { z } from 'zod';
import { Child, entryPoint } from '../chaos/child.ts';
import { MinibotError } from '../src/errors.ts';

/** Runs an entry point of the bench in a process of its own, whose memory tells something, and reads the JSON it prints. */
export async function measureInProcess<T>(
  {
    root,
    entry,
    env,
    signal,
  }: {
    root: string;
    /** Relative to `root`. */
    entry: string;
    env: Readonly<Record<string, string>>;
    signal: AbortSignal;
  },
  figures: z.ZodType<T>,
): Promise<T> {
  const lines: string[] = [];
  const child = new Child({
    ...entryPoint(path.join(root, entry), []),
    env,
    cwd: root,
    onLine: (line) => void lines.push(line),
    onUnexpectedExit: () => undefined,
  });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { code, lastErrors } = await child.exited;
    signal.throwIfAborted();
    if (code !== 0) throw new MinibotError('bench_process_failed', `${entry} failed: ${lastErrors}`);
    return figures.parse(JSON.parse(lines.join('')));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
