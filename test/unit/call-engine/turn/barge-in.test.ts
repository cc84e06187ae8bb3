import { describe, expect, it } from 'vitest';
import { BargeIn, type BargeInAction, type BargeInInput } from '../../../../src/call-engine/turn/barge-in.ts';

const OPTIONS = { gracePeriodMs: 3000, commitSpeechMs: 500, wordlessResumeMs: 1200 };
const QUIET: BargeInInput = { promptElapsedMs: 4000, isSpeaking: false, speechMs: 0, text: '' };

function actions(inputs: Partial<BargeInInput>[]): (BargeInAction | null)[] {
  const bargeIn = new BargeIn(OPTIONS);
  return inputs.map((input) => bargeIn.advance({ ...QUIET, ...input }));
}

describe('BargeIn', () => {
  it('pauses at once on speech after the grace period, then commits on words', () => {
    expect(
      actions([
        {},
        { isSpeaking: true, speechMs: 60 },
        { isSpeaking: true, speechMs: 300 },
        { isSpeaking: true, speechMs: 420, text: 'attendez je' },
      ]),
    ).toEqual([null, 'pause', null, 'commit']);
  });

  it('lets speech within the grace period pass', () => {
    expect(actions([{ promptElapsedMs: 2980, isSpeaking: true, speechMs: 400, text: 'allô oui' }])).toEqual([
      null,
    ]);
  });

  it('gives way when speech begun within the grace period lasts beyond it', () => {
    expect(
      actions([
        { promptElapsedMs: 2900, isSpeaking: true, speechMs: 60 },
        { promptElapsedMs: 3000, isSpeaking: true, speechMs: 160 },
      ]),
    ).toEqual([null, 'pause']);
  });

  it.each(['oui', "d'accord", 'mm', 'oui oui', 'ah oui'])('resumes after the backchannel « %s »', (text) => {
    expect(
      actions([
        { isSpeaking: true, speechMs: 60 },
        { isSpeaking: true, speechMs: 600, text },
        { isSpeaking: false, speechMs: 620, text },
      ]),
    ).toEqual(['pause', null, 'resume']);
  });

  it('waits with a single word until it is clear that it is not the beginning of a backchannel', () => {
    expect(
      actions([
        { isSpeaking: true, speechMs: 60 },
        { isSpeaking: true, speechMs: 300, text: 'non' },
        { isSpeaking: true, speechMs: 500, text: 'non' },
      ]),
    ).toEqual(['pause', null, 'commit']);
  });

  it('resumes after a cough, and can be interrupted again', () => {
    expect(
      actions([
        { isSpeaking: true, speechMs: 60 },
        { isSpeaking: false, speechMs: 180 },
        {},
        { isSpeaking: true, speechMs: 60 },
      ]),
    ).toEqual(['pause', 'resume', null, 'pause']);
  });

  it('goes on under lasting noise without words, but stops when words appear in it', () => {
    expect(
      actions([
        { isSpeaking: true, speechMs: 60 },
        { isSpeaking: true, speechMs: 1200 },
        { isSpeaking: true, speechMs: 2000 },
        { isSpeaking: true, speechMs: 2400, text: 'je suis pas intéressé' },
      ]),
    ).toEqual(['pause', 'resume', null, 'commit']);
  });

  it('decides only once', () => {
    const bargeIn = new BargeIn(OPTIONS);
    bargeIn.advance({ ...QUIET, isSpeaking: true, speechMs: 60 });
    bargeIn.advance({ ...QUIET, isSpeaking: true, speechMs: 500, text: 'non merci' });
    expect(bargeIn.isCommitted).toBe(true);
    expect(
      bargeIn.advance({ ...QUIET, isSpeaking: true, speechMs: 900, text: 'non merci au revoir' }),
    ).toBeNull();
  });
});
