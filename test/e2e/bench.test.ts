import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = path.join(import.meta.dirname, '../..');
const RUN_DEADLINE_MS = 180_000;
const run = promisify(execFile);

const spread = z.object({ count: z.number(), p95: z.number() });
const reportSchema = z.object({
  quick: z.literal(true),
  isSound: z.boolean(),
  benchmarks: z.object({
    frame: z.object({
      figures: z.object({
        stages: z.array(z.object({ stage: z.string(), microsecondsPerFrame: spread })),
      }),
    }),
    recognition: z.object({ figures: z.object({ streams: z.array(z.object({ wordForWord: z.number() })) }) }),
    calls: z.object({
      figures: z.object({
        levels: z.array(
          z.object({
            lines: z.number(),
            callsAsExpected: z.number(),
            latencies: z.object({ bargeInMs: spread, responseMs: spread }),
            seenBySwitch: z.object({ bargeInMs: spread }),
          }),
        ),
      }),
      bars: z.array(z.object({ name: z.string(), measuredMs: z.number() })),
    }),
  }),
});

const launch = z.object({ contacts: z.number(), queued: z.number(), rssPeakMb: z.number().positive() });
const queueReportSchema = z.object({
  isSound: z.boolean(),
  benchmarks: z.object({
    queue: z.object({
      figures: z.object({
        stores: z.array(
          z.object({
            store: z.string(),
            launches: z.array(launch),
            queueMbPer100k: z.number().positive(),
            jobs: z.array(z.object({ jobs: z.number(), done: z.number(), handlerMs: spread })),
          }),
        ),
      }),
    }),
  }),
});

const exportReportSchema = z.object({
  isSound: z.boolean(),
  benchmarks: z.object({
    export: z.object({
      figures: z.object({
        exports: z.array(
          z.object({
            format: z.string(),
            calls: z.number(),
            bytes: z.number().positive(),
            rssPeakMb: z.number().positive(),
          }),
        ),
      }),
    }),
  }),
});

let dir: string;

const bench = (...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', path.join(ROOT, 'bench/main.ts'), ...args], {
    cwd: ROOT,
    timeout: RUN_DEADLINE_MS,
  });

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'bench-test-'));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe('npm run bench', () => {
  it(
    'measures frames, recognition and calls of which every one is as expected',
    async () => {
      const file = path.join(dir, 'figures.json');
      const { stdout } = await bench('frame', 'recognition', 'calls', '--quick', '--json', file);
      const report = reportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      expect(report.isSound).toBe(true);
      expect(report.benchmarks.frame.figures.stages.map(({ stage }) => stage)).toContain('whole call');
      expect(report.benchmarks.recognition.figures.streams).not.toEqual([]);
      const {
        figures: { levels },
        bars,
      } = report.benchmarks.calls;
      expect(levels.map(({ lines, callsAsExpected }) => [lines, callsAsExpected])).toEqual([
        [1, 1],
        [20, 20],
      ]);
      for (const { lines, latencies, seenBySwitch } of levels) {
        expect(latencies.bargeInMs.count).toBe(lines);
        expect(latencies.responseMs.count).toBe(lines);
        expect(seenBySwitch.bargeInMs.count).toBe(lines);
      }
      expect(bars).toHaveLength(4);
      expect(stdout).toContain('barge-in: speech onset');
    },
    RUN_DEADLINE_MS,
  );

  it(
    'measures launches and jobs, each person queued and done once',
    async () => {
      const file = path.join(dir, 'queue.json');
      await bench('queue', '--quick', '--json', file);
      const report = queueReportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      expect(report.isSound).toBe(true);
      const { stores } = report.benchmarks.queue.figures;
      expect(stores.map(({ store }) => store)).toContain('postgres');
      for (const { launches, jobs } of stores) {
        for (const { contacts, queued } of launches) expect(queued).toBe(contacts);
        for (const figures of jobs) expect(figures.done).toBe(figures.jobs);
      }
    },
    RUN_DEADLINE_MS,
  );

  it(
    'measures exports of every call in each format',
    async () => {
      const file = path.join(dir, 'export.json');
      await bench('export', '--quick', '--json', file);
      const report = exportReportSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      expect(report.isSound).toBe(true);
      const { exports } = report.benchmarks.export.figures;
      expect(exports.map(({ format, calls }) => [format, calls])).toEqual([
        ['csv', 50],
        ['xlsx', 50],
        ['json', 50],
        ['csv', 2_500],
        ['xlsx', 2_500],
        ['json', 2_500],
      ]);
    },
    RUN_DEADLINE_MS,
  );

  it('says which benches there are when it is asked for another', async () => {
    await expect(bench('nonsense')).rejects.toThrow(/frame, recognition, calls, queue, export/);
  });
});
