import { expect, it } from 'vitest';
import type { JournalEntry, Turn } from '../../../src/call-engine/ports.ts';
import { foldEntries } from '../../../src/db/call-progress.ts';

const AT = new Date('2026-11-23T10:00:00.000Z');

function turnTaken(transcript: string): JournalEntry {
  const turn: Turn = {
    turnNumber: 1,
    step: 'hello',
    transcript,
    asrConfidence: 0.9,
    intent: 'affirm',
    intentConfidence: 0.8,
    processingMethod: 'rule',
    bargeIn: false,
    latencies: {
      bargeInMs: null,
      asrMs: null,
      intentMs: null,
      totalMs: null,
      endpointingMs: null,
      responseMs: null,
    },
    speechNumber: null,
    objectionId: null,
    nextStep: null,
  };
  return { type: 'turn-taken', at: AT, turn };
}

it('changes nothing for no entries', () => {
  expect(foldEntries([], ['hello'])).toEqual({
    ringingAt: null,
    answeredAt: null,
    amd: null,
    message: null,
    steps: null,
    lastHeard: null,
    turns: [],
    prompts: [],
    speech: [],
    recording: null,
    recordingProblem: null,
  });
});

it('names all steps since the call began as soon as there is a new one', () => {
  const entered = (step: string): JournalEntry => ({ type: 'step-entered', at: AT, step });
  expect(foldEntries([entered('b'), entered('c')], ['a']).steps).toEqual(['a', 'b', 'c']);
  expect(foldEntries([{ type: 'ringing', at: AT }], ['a']).steps).toBeNull();
});

it('takes the later of a partial and a turn as last heard', () => {
  const partial: JournalEntry = { type: 'partial-heard', at: AT, text: 'oui mais' };
  expect(foldEntries([partial, turnTaken('oui mais non')], []).lastHeard).toBe('oui mais non');
  expect(foldEntries([turnTaken('oui mais non'), partial], []).lastHeard).toBe('oui mais');
});

it('leaves the last words standing through a silent turn', () => {
  const partial: JournalEntry = { type: 'partial-heard', at: AT, text: 'oui' };
  expect(foldEntries([partial, turnTaken('')], []).lastHeard).toBe('oui');
});
