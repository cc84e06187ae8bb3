import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { Closers } from '../src/closers.ts';
import type { BenchContext, Benchmark, BenchOutcome } from './benchmark.ts';
import { EXPORT_FORMATS, measureExport, type ExportFigures, type ExportFormat } from './export-process.ts';
import { openQueuePlace } from './queue-place.ts';
import { storeCalls } from './store-calls.ts';

/** Calls of each campaign: memory is bounded if it does not grow from one to the next. */
const SIZES = [50_000, 500_000] as const;
const QUICK_SIZES = [50, 2_500] as const;

interface Measured extends ExportFigures {
  format: ExportFormat;
  expected: number;
}

/** What exporting a campaign costs, with what both sides said. */
export const exporting: Benchmark = {
  name: 'export',
  run: async (context) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'minibot-bench-'));
    const logger = pino({ level: 'silent' });
    const closers = new Closers(logger);
    try {
      const failure = new AbortController();
      const signal = AbortSignal.any([context.signal, failure.signal]);
      const place = await openQueuePlace('postgres', dir, closers, logger, (error) => failure.abort(error));
      return outcomeOf(await measureAll({ ...context, signal }, place.databaseUrl, dir));
    } finally {
      await closers.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function measureAll(context: BenchContext, databaseUrl: string, dir: string): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const size of context.quick ? QUICK_SIZES : SIZES) {
    context.onProgress(`export: storing a campaign of ${size} calls`);
    context.signal.throwIfAborted();
    const campaignId = await storeCalls(databaseUrl, size);
    for (const format of EXPORT_FORMATS) {
      context.onProgress(`export: ${size} calls as ${format}`);
      const order = { databaseUrl, campaignId, format, dir };
      const figures = await measureExport(context.root, order, context.signal);
      measured.push({ format, expected: size, ...figures });
    }
  }
  return measured;
}

function outcomeOf(measured: readonly Measured[]): BenchOutcome {
  return {
    figures: { exports: measured },
    tables: [
      {
        title: 'Export of a campaign, with transcriptions',
        head: ['Format', 'Calls', 's', 'calls per s', 'CPU s', 'file MB', 'RSS before MB', 'RSS peak MB'],
        rows: measured.map(({ format, calls, tookMs, cpuMs, bytes, rssBeforeMb, rssPeakMb }) => [
          ...[format, String(calls), (tookMs / 1000).toFixed(1)],
          ...[String(Math.round((calls * 1000) / tookMs)), (cpuMs / 1000).toFixed(1)],
          ...[(bytes / 1e6).toFixed(1), String(rssBeforeMb), String(rssPeakMb)],
        ]),
      },
    ],
    bars: [],
    faults: measured
      .filter(({ calls, expected }) => calls !== expected)
      .map(({ format, calls, expected }) => `${format}: ${calls} of ${expected} calls were exported`),
  };
}
