import { expect, it, vi } from 'vitest';
import { orAborted } from '../../src/or-aborted.ts';

it('hands on what was opened, and does not release it', async () => {
  const released: string[] = [];
  const release = (late: string) => Promise.resolve(void released.push(late));
  await expect(orAborted(Promise.resolve('open'), new AbortController().signal, release)).resolves.toBe(
    'open',
  );
  expect(released).toEqual([]);
});

it('rejects as the signal says at once, and releases what is opened too late', async () => {
  const abort = new AbortController();
  let open: (value: string) => void = () => undefined;
  const opening = new Promise<string>((resolve) => {
    open = resolve;
  });
  const released: string[] = [];
  const waiting = orAborted(opening, abort.signal, (late) => Promise.resolve(void released.push(late)));
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  open('late');
  await vi.waitFor(() => expect(released).toEqual(['late']));
});
