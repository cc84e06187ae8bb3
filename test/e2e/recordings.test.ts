import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readWav, wavDurationMs } from '../../src/call-engine/audio/wav.ts';
import { listTurns } from '../../src/db/call-interactions.ts';
import { listLines } from '../../src/db/call-lines.ts';
import { findCall } from '../../src/db/calls.ts';
import type { Call } from '../../src/db/schema.ts';
import { transcriptOf, type CallTranscript } from '../../src/recordings/transcript.ts';
import { ofPrompt } from '../helpers/e2e-record.ts';
import { CALL_DEADLINE_MS, E2eWorld } from '../helpers/e2e-world.ts';

const POLL_MS = 50;
/** Frames are 20 ms, and a prompt's start is told by an event: both clocks agree within this. */
const CLOCKS_AGREE_MS = 400;

let world: E2eWorld;
let recordings: string;

beforeAll(async () => {
  world = await E2eWorld.open({ cast: ['interrupts', 'hangs-up', 'machine'] });
  recordings = join(world.dir, 'recordings');
  mkdirSync(recordings);
  world.set('RECORDINGS_DIR', recordings);
  await world.openWorker();
}, 60_000);
afterAll(() => world.close());

/** Calls one person and waits until nothing more will become of it. */
async function call(persona: string, recordingPurpose: string | null): Promise<Call> {
  const id = await world.launch({ scenario: 'recorded', tags: [persona], recordingPurpose });
  await world.untilCampaignIs(id, 'completed');
  const [attempt] = (await world.onlyContact(id)).attempts;
  if (attempt === undefined) throw new Error(`${persona} was not called`);
  return current(attempt.id);
}

async function current(callId: string): Promise<Call> {
  const found = await findCall(world.database.db, callId);
  if (found === null) throw new Error('the call is gone');
  return found;
}

async function assembled(callId: string): Promise<Call> {
  await vi.waitFor(async () => expect((await current(callId)).assembledPath).not.toBeNull(), {
    timeout: CALL_DEADLINE_MS,
    interval: POLL_MS,
  });
  return current(callId);
}

async function transcript(recorded: Call): Promise<CallTranscript> {
  const { db } = world.database;
  return transcriptOf(recorded, await listLines(db, [recorded.id]), await listTurns(db, [recorded.id]));
}

/** Mean square of a stretch of one channel, by times since the answer. */
function energy(samples: Int16Array, recorded: Call, fromMs: number, toMs: number): number {
  const at = (ms: number): number => Math.max(0, (ms - (recorded.recordingStartedMs ?? 0)) * 8);
  const stretch = samples.subarray(at(fromMs), at(toMs));
  return stretch.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, stretch.length);
}

describe('a recorded call', () => {
  let recorded: Call;
  let said: CallTranscript;
  beforeAll(async () => {
    recorded = await assembled((await call('interrupts', 'contrôle de qualité')).id);
    said = await transcript(recorded);
  }, 2 * CALL_DEADLINE_MS);

  it('begins once the notice was heard to its end', () => {
    const entries = world.record().filter(({ uuid }) => uuid === recorded.id);
    const [noticeEnded] = ofPrompt(entries, 'hello.wav').filter(({ type }) => type === 'playback-ended');
    const started = entries.find(({ type }) => type === 'recording-started');
    expect(noticeEnded).toMatchObject({ outcome: 'done' });
    expect(started?.atMs).toBeGreaterThanOrEqual(noticeEnded?.atMs ?? Number.POSITIVE_INFINITY);
    expect(recorded.recordingPath).toBe(join(recordings, `${recorded.id}.wav`));
    expect(recorded.disclosure).toMatchObject([{ step: 'hello', interrupted: false }]);
  });

  it('has the callee on the left and the bot on the right', () => {
    const { channels } = readWav(readFileSync(recorded.recordingPath ?? ''));
    expect(channels).toHaveLength(2);
    const [callee, bot = new Int16Array()] = channels;
    const bye = said.lines.find((line) => line.speaker === 'bot' && line.step === 'bye');
    const [from, to] = [(bye?.startMs ?? 0) + 50, (bye?.endMs ?? 0) - 50];
    expect(energy(bot, recorded, from, to)).toBeGreaterThan(100_000);
    expect(energy(callee, recorded, from, to)).toBeLessThan(1000);
    const answer = said.lines.find((line) => line.speaker === 'contact' && line.turn?.number === 1);
    const [saidFrom, saidTo] = [answer?.startMs ?? 0, answer?.endMs ?? 0];
    expect(energy(callee, recorded, saidFrom, saidTo)).toBeGreaterThan(100_000);
    expect(energy(bot, recorded, saidFrom + 100, saidTo - 100)).toBeLessThan(1000);
  });

  it('has a copy for listening with both sides, and its transcript beside it', () => {
    const stereo = readWav(readFileSync(recorded.recordingPath ?? ''));
    const mixed = readWav(readFileSync(recorded.assembledPath ?? ''));
    expect(mixed.channels).toHaveLength(1);
    expect(wavDurationMs(mixed)).toBe(wavDurationMs(stereo));
    for (const { startMs, endMs } of said.lines) {
      if (startMs < (recorded.recordingStartedMs ?? 0)) continue;
      expect(energy(mixed.channels[0], recorded, startMs, endMs ?? startMs)).toBeGreaterThan(100_000);
    }
    const beside = (suffix: string): string =>
      readFileSync(join(recordings, `${recorded.id}${suffix}`), 'utf8');
    expect(JSON.parse(beside('.json'))).toEqual(JSON.parse(JSON.stringify(said)));
    expect(beside('.txt')).toMatch(/^\[00:\d\d\.\d–00:\d\d\.\d\] Contact: allô$/m);
    expect(beside('.txt')).toMatch(/Contact: oui allez-y → affirm$/m);
  });

  it('has a transcript whose times are those of the switch', () => {
    const entries = world.record().filter(({ uuid }) => uuid === recorded.id);
    const answeredAtMs = entries.find(({ type }) => type === 'answered')?.atMs ?? 0;
    const times = (type: string): number[] =>
      entries.filter((entry) => entry.type === type).map(({ atMs }) => atMs - answeredAtMs);
    const expectNear = (found: readonly number[], expected: readonly number[]): void => {
      expect(found).toHaveLength(expected.length);
      found.forEach((ms, index) =>
        expect(
          Math.abs(ms - (expected[index] ?? Number.NaN)),
          `${found.join()} beside ${expected.join()}`,
        ).toBeLessThan(CLOCKS_AGREE_MS),
      );
    };
    const bot = said.lines.filter((line) => line.speaker === 'bot');
    const contact = said.lines.filter((line) => line.speaker === 'contact');
    expectNear(
      bot.map(({ startMs }) => startMs),
      times('playback-started'),
    );
    expectNear(
      bot.map(({ endMs }) => endMs ?? Number.NaN),
      times('playback-ended'),
    );
    expectNear(
      contact.map(({ startMs }) => startMs),
      times('speech-started'),
    );
    expectNear(
      contact.map(({ endMs }) => endMs ?? Number.NaN),
      times('speech-ended'),
    );
    for (const { startMs, endMs, words } of contact) {
      for (const word of words) {
        expect(word.startMs).toBeGreaterThan(startMs - CLOCKS_AGREE_MS);
        expect(word.endMs).toBeLessThan((endMs ?? 0) + CLOCKS_AGREE_MS);
      }
    }
    const offer = bot.find(({ step }) => step === 'offer');
    expect(offer?.completed).toBe(false);
    const [cut] = ofPrompt(entries, 'offer.wav').filter(({ type }) => type === 'playback-ended');
    expect(Math.abs((offer?.heardMs ?? 0) - Number(cut?.['positionMs']))).toBeLessThan(CLOCKS_AGREE_MS);
  });
});

it(
  'records nobody where the campaign does not ask for it, and writes the words down all the same',
  async () => {
    const plain = await call('hangs-up', null);
    expect(plain).toMatchObject({ recordingPath: null, assembledPath: null });
    expect(existsSync(join(recordings, `${plain.id}.wav`))).toBe(false);
    const { lines } = await transcript(plain);
    expect(lines.map(({ speaker, text }) => [speaker, text.split(',')[0]])).toEqual([
      ['contact', 'allô'],
      ['bot', 'Bonjour Camille'],
      ['contact', 'oui'],
      ['bot', 'Seriez-vous disponible mardi pour en parler avec un conseiller ?'],
    ]);
    expect(lines.at(-1)).toMatchObject({ completed: false });
  },
  2 * CALL_DEADLINE_MS,
);

it(
  'records no answering machine: nobody was told',
  async () => {
    const machine = await call('machine', 'contrôle de qualité');
    expect(machine).toMatchObject({ result: 'answering_machine', recordingPath: null });
    expect(existsSync(join(recordings, `${machine.id}.wav`))).toBe(false);
  },
  2 * CALL_DEADLINE_MS,
);
