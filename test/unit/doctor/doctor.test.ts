import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/doctor/check.ts';
import { CHECKS, COMPONENTS, type ComponentName } from '../../../src/doctor/components.ts';
import { runDoctor } from '../../../src/doctor/doctor.ts';
import { finding } from '../../../src/doctor/findings.ts';
import { MinibotError, OperatorError } from '../../../src/errors.ts';

function examine(
  checks: Partial<Record<ComponentName, Check>>,
  options: { environment?: Record<string, string>; deadlineMs?: number; signal?: AbortSignal } = {},
) {
  return runDoctor({
    environment: options.environment ?? {},
    components: Object.keys(checks) as ComponentName[],
    deadlineMs: options.deadlineMs ?? 10_000,
    originate: false,
    signal: options.signal ?? new AbortController().signal,
    onProgress: () => undefined,
    checks: { ...CHECKS, ...checks },
  });
}

const well: Check = () => Promise.resolve([finding('redis_unused', {})]);
const warns: Check = () => Promise.resolve([finding('redis_unused', {}), finding('vosk_demo', {})]);

describe('runDoctor', () => {
  it('takes for a component the worst of its findings, and for all the worst component', async () => {
    const report = await examine({ redis: well, vosk: warns });
    expect(report.level).toBe('warning');
    expect(report.components.map(({ component, level }) => [component, level])).toEqual([
      ['redis', 'ok'],
      ['vosk', 'warning'],
    ]);
  });

  it('shows components in its own order, however they are asked for', async () => {
    const report = await examine({ vosk: well, clock: well, redis: well });
    expect(report.components.map(({ component }) => component)).toEqual(['clock', 'redis', 'vosk']);
  });

  it('gives up a check that does not end and does not listen', async () => {
    const report = await examine(
      { redis: () => new Promise(() => undefined), vosk: well },
      { deadlineMs: 30 },
    );
    expect(report.components.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      ['timed_out'],
      ['redis_unused'],
    ]);
    expect(report.level).toBe('failed');
  });

  it('tells a check that its time is over, and takes its rejection for that', async () => {
    const listens: Check = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new MinibotError('x', 'connection cut')));
      });
    const report = await examine({ redis: listens }, { deadlineMs: 30 });
    expect(report.components[0]?.findings).toEqual([finding('timed_out', { seconds: 0.03 })]);
  });

  it('shows what an operator can mend as such, and anything else as a mistake of ours', async () => {
    const throwsAtOnce: Check = () => {
      throw new TypeError('x is not a function');
    };
    const report = await examine({
      redis: () => Promise.reject(new OperatorError('any', 'mend this')),
      vosk: throwsAtOnce,
    });
    expect(report.components.map(({ findings }) => findings)).toEqual([
      [finding('fault', { message: 'mend this' })],
      [finding('broke_down', { message: 'x is not a function' })],
    ]);
  });

  it('names every fault of the configuration and leaves the rest unchecked', async () => {
    const report = await examine(
      { configuration: well, redis: well },
      { environment: { DB_POOL_MAX: 'many', VOSK_SAMPLE_RATE: '11025' } },
    );
    expect(report.components[0]?.findings.map(({ code }) => code)).toEqual([
      'configuration_fault',
      'configuration_fault',
    ]);
    expect(report.components[1]).toMatchObject({ level: 'skipped' });
    expect(report.level).toBe('failed');
  });

  it('ends as its signal says', async () => {
    const stop = new AbortController();
    const running = examine({ redis: () => new Promise(() => undefined) }, { signal: stop.signal });
    stop.abort(new OperatorError('interrupted', 'interrupted'));
    await expect(running).rejects.toThrow('interrupted');
  });

  it('knows a check for every component', () => {
    expect(COMPONENTS).toHaveLength(12);
  });
});
