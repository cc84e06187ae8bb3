import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { untilStored } from '../../../src/workers/until-stored.ts';

const logger = pino({ level: 'silent' });

it('repeats a write until it succeeds', async () => {
  const write = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('restarting'))
    .mockResolvedValue('stored');
  await expect(untilStored(write, { deadlineMs: 10_000, logger })).resolves.toBe('stored');
  expect(write).toHaveBeenCalledTimes(2);
});

it('gives up with the last error when the deadline is over', async () => {
  const write = vi.fn(() => Promise.reject(new Error('gone')));
  await expect(untilStored(write, { deadlineMs: 0, logger })).rejects.toThrow('gone');
  expect(write).toHaveBeenCalledTimes(1);
});
