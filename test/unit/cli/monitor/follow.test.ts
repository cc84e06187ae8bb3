import { expect, it } from 'vitest';
import { follow } from '../../../../src/cli/monitor/follow.ts';
import type { MonitorOutput } from '../../../../src/cli/monitor/outputs.ts';
import type { MonitorView } from '../../../../src/cli/monitor/view.ts';
import type { CampaignWatch } from '../../../../src/db/campaign-watch.ts';
import { campaign, NOW, watch } from './fixture.ts';

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Follows what `looks` tell, one after the other; without a pause between two looks. */
async function followAll(
  looks: (CampaignWatch | Error)[],
  options: { signal?: AbortSignal; onShow?: (view: MonitorView) => void } = {},
) {
  const shown: MonitorView[] = [];
  const logged: MonitorView[] = [];
  let lookNow = (): void => undefined;
  const output: MonitorOutput = {
    show: (view) => {
      shown.push(view);
      options.onShow?.(view);
      setImmediate(() => lookNow());
    },
    close: () => undefined,
  };
  const last = await follow(
    {
      read: () => {
        const next = looks.shift();
        if (next === undefined) throw new Error('looked too often');
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
      targets: { bargeInMs: 150, asrMs: 400, intentMs: 600, totalMs: 1000 },
      now: () => NOW,
    },
    output,
    {
      refreshMs: 3_600_000,
      showLiveCalls: false,
      once: false,
      onLook: (view) => Promise.resolve(void logged.push(view)),
      signal: options.signal ?? new AbortController().signal,
      onReady: (look) => {
        lookNow = look;
      },
    },
  );
  return { shown, logged, last };
}

it('ends with the campaign', async () => {
  const done = watch({ campaign: campaign({ status: 'completed' }) });
  const { shown, last } = await followAll([watch(), watch(), done]);
  expect(shown.map(({ watch: { campaign } }) => campaign.status)).toEqual([
    'running',
    'running',
    'completed',
  ]);
  expect(last.watch).toBe(done);
});

it('survives a database that is away, keeps what it knew, and logs no figures meanwhile', async () => {
  const seen = watch();
  const cancelled = watch({ campaign: campaign({ status: 'cancelled' }) });
  const { shown, logged } = await followAll([seen, away, away, seen, cancelled]);
  expect(shown.map(({ awaySince }) => awaySince)).toEqual([null, NOW, NOW, null, null]);
  expect(shown[1]?.watch).toBe(seen);
  expect(logged.map(({ awaySince }) => awaySince)).toEqual([null, null, null]);
});

it('ends when nobody wants to see it any more', async () => {
  const quit = new AbortController();
  const { shown } = await followAll([watch()], { signal: quit.signal, onShow: () => quit.abort() });
  expect(shown).toHaveLength(1);
});

it('says what is wrong where asking again does not help', async () => {
  await expect(followAll([watch(), new Error('column is missing')])).rejects.toThrow('column is missing');
  await expect(followAll([away])).rejects.toThrow('ECONNREFUSED');
});
