import { expect, it } from 'vitest';
import type { Call, CallInteraction, CallLine } from '../../../src/db/schema.ts';
import { transcriptOf, transcriptText } from '../../../src/recordings/transcript.ts';

const CALL = {
  id: '6b01a360-e633-4878-8ee3-85a75a3a7523',
  campaignId: 1,
  attempt: 2,
  result: 'success',
  durationMs: 64_000,
  answeredAt: new Date('2026-11-26T10:00:00Z'),
  recordingStartedMs: 1200,
  transcriptPurgedAt: null,
} as Call; // What a transcript reads of it.

const line = (of: Partial<CallLine>): CallLine => ({
  ...{ id: 0, callId: CALL.id, speaker: 'bot', number: 1, step: null, text: '', startedMs: 0, endedMs: null },
  ...{ heardMs: null, completed: null, confidence: null, words: null },
  ...of,
});

const LINES = [
  line({ step: 'hello', text: 'Bonjour.', startedMs: 40, endedMs: 1240, heardMs: 1160, completed: true }),
  line({
    ...{
      speaker: 'contact',
      number: 1,
      text: "oui d'accord",
      startedMs: 1460,
      endedMs: 2010,
      confidence: 0.93,
    },
    words: [{ word: 'oui', start_ms: 1460, end_ms: 1700, confidence: 0.9 }],
  }),
  line({ number: 2, step: 'offer', text: 'Mardi ?', startedMs: 61_980, heardMs: 1240, completed: false }),
  line({ speaker: 'contact', number: 2, text: 'mm', startedMs: 62_500, endedMs: 62_700, confidence: 0.4 }),
  line({ speaker: 'contact', number: 3, startedMs: 63_000, endedMs: 63_400, confidence: 0 }),
];
const TURNS = [
  { turnNumber: 1, speechNumber: 1, intent: 'affirm', intentConfidence: 0.98 },
  // Silence belongs to nothing that was said.
  { turnNumber: 2, speechNumber: null, intent: 'silence', intentConfidence: 1 },
] as CallInteraction[]; // What a transcript reads of them.

it('brings what was said together with what it was taken for', () => {
  const { lines, ...head } = transcriptOf(CALL, LINES, TURNS);
  expect(head).toMatchObject({ callId: CALL.id, attempt: 2, recordingStartedMs: 1200, purgedAt: null });
  expect(lines[0]).toEqual({
    ...{ speaker: 'bot', step: 'hello', text: 'Bonjour.', startMs: 40, endMs: 1240 },
    ...{ heardMs: 1160, completed: true },
  });
  expect(lines[1]).toEqual({
    ...{ speaker: 'contact', text: "oui d'accord", startMs: 1460, endMs: 2010, confidence: 0.93 },
    words: [{ word: 'oui', startMs: 1460, endMs: 1700, confidence: 0.9 }],
    turn: { number: 1, intent: 'affirm', confidence: 0.98 },
  });
  expect(lines[3]).toMatchObject({ text: 'mm', turn: null });
});

it('is written one line for each that was said', () => {
  expect(transcriptText(transcriptOf(CALL, LINES, TURNS))).toBe(
    [
      '[00:00.0–00:01.2] Bot (hello): Bonjour.',
      "[00:01.5–00:02.0] Contact: oui d'accord → affirm",
      '[01:02.0–…] Bot (offer): Mardi ? ✂ 1.2 s',
      '[01:02.5–01:02.7] Contact: mm',
      '[01:03.0–01:03.4] Contact: …',
      '',
    ].join('\n'),
  );
});
