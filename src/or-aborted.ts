/**
 * Settles like `opening`, or rejects at once when `signal` aborts; what is opened later nevertheless is given to `release`.
 */
export async function orAborted<T>(
  opening: Promise<T>,
  signal: AbortSignal,
  release: (late: T) => Promise<void>,
): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    // Nobody waits for either any more; that it is too late is known.
    if (signal.aborted) opening.then(release).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
