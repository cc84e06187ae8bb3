import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWav } from '../../src/call-engine/audio/wav.ts';
import { loadObjectionThemes } from '../../src/call-engine/objections/load.ts';
import { listScenarioIds, loadScenario } from '../../src/call-engine/scenario/load.ts';
import type { Scenario } from '../../src/call-engine/scenario/schema.ts';
import { DEFAULTS } from '../helpers/scenarios.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const MU_LAW = 7;
const CODING_OFFSET = 20;
/** −3 dBFS. */
const PEAK = 32_768 * 10 ** (-3 / 20);
/** −40 dBFS: louder than this is the voice. */
const AUDIBLE = 327;
const MAX_LEADING_SILENCE_MS = 50;

const ids = await listScenarioIds(path.join(ROOT, 'scenarios'));
const scenarios = await Promise.all(
  ids.map((id) => loadScenario(path.join(ROOT, 'scenarios'), id, DEFAULTS)),
);
const recordings = new Set((await Promise.all(scenarios.map(recordingsOf))).flat());

async function recordingsOf(scenario: Scenario): Promise<string[]> {
  const themes = await loadObjectionThemes({
    directory: path.join(ROOT, 'objections'),
    theme: scenario.theme,
  });
  const answers = themes.flatMap(({ objections }) => objections);
  return [
    ...[...scenario.steps.values()].flatMap((step) => (step.type === 'audio' ? [step.audioPath] : [])),
    ...Object.values(scenario.builtins).map(({ audioPath }) => audioPath),
    ...answers.map(({ audioFile }) => `${scenario.voice}/objections/${audioFile}`),
  ];
}

async function heard(audioPath: string): Promise<{ samples: Int16Array; ms: number }> {
  const bytes = await readFile(path.join(ROOT, 'audio', audioPath));
  expect(bytes.readUInt16LE(CODING_OFFSET)).toBe(MU_LAW);
  const { sampleRateHz, channels } = readWav(bytes);
  expect(sampleRateHz).toBe(8000);
  expect(channels).toHaveLength(1);
  return { samples: channels[0], ms: (channels[0].length / sampleRateHz) * 1000 };
}

describe('the demo voice', () => {
  it.each([...recordings])('has %s, fit for a telephone line', async (audioPath) => {
    const { samples, ms } = await heard(audioPath);
    expect(ms).toBeGreaterThan(1000);
    expect(ms).toBeLessThan(12_000);
    expect(Math.max(...samples)).toBeLessThanOrEqual(PEAK);
    expect(-Math.min(...samples)).toBeLessThanOrEqual(PEAK);
    const onset = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
    expect(onset / 8).toBeGreaterThanOrEqual(0);
    expect(onset / 8).toBeLessThanOrEqual(MAX_LEADING_SILENCE_MS);
  });

  it('says its prompts briefly', async () => {
    for (const scenario of scenarios) {
      for (const step of scenario.steps.values()) {
        if (step.type !== 'audio') continue;
        const limitMs = step.id === scenario.startStepId ? 9000 : 8000;
        expect((await heard(step.audioPath)).ms, step.audioPath).toBeLessThanOrEqual(limitMs);
      }
    }
  });
});
