import { describe, expect, it } from 'vitest';
import { SpeechDetector, type SpeechEvent } from '../../../../src/call-engine/turn/speech-detector.ts';

const OPTIONS = { frameMs: 20, startVoicedMs: 60, startWindowMs: 80, stopMs: 100 };

/** Feeds a drawing of frames: `#` voiced, `.` not. */
function detect(drawing: string): { detector: SpeechDetector; events: SpeechEvent[] } {
  const detector = new SpeechDetector(OPTIONS);
  const events: SpeechEvent[] = [];
  for (const [index, mark] of drawing.split('').entries()) {
    const event = detector.advance(mark === '#', (index + 1) * OPTIONS.frameMs);
    if (event !== null) events.push(event);
  }
  return { detector, events };
}

describe('SpeechDetector', () => {
  it('opens on enough voice within the onset window and dates the onset back to the first voiced frame', () => {
    expect(detect('..###').events).toEqual([{ type: 'speech-started', onsetMs: 40 }]);
  });

  it('bridges one unvoiced frame within the window', () => {
    expect(detect('#.##').events).toEqual([{ type: 'speech-started', onsetMs: 0 }]);
  });

  it('does not date the onset back to a click before the window', () => {
    expect(detect('#..#..###').events).toEqual([{ type: 'speech-started', onsetMs: 120 }]);
  });

  it('takes no notice of clicks', () => {
    const { events, detector } = detect('#....##....#....##....');
    expect(events).toEqual([]);
    expect(detector.state).toBe('quiet');
  });

  it('closes only after the stop window, naming the end of the last voiced frame', () => {
    expect(detect('####....').events).toHaveLength(1);
    expect(detect('####.....').events.at(-1)).toEqual({
      type: 'speech-stopped',
      onsetMs: 0,
      lastVoicedMs: 80,
    });
  });

  it('goes through its four states by name', () => {
    expect(detect('.').detector.state).toBe('quiet');
    expect(detect('#').detector.state).toBe('starting');
    expect(detect('###').detector.state).toBe('speaking');
    expect(detect('###.').detector.state).toBe('stopping');
    expect(detect('###.#').detector.state).toBe('speaking');
  });

  it('dates a second segment from its own onset', () => {
    const { events } = detect('###.....' + '....' + '.###');
    expect(events.at(-1)).toEqual({ type: 'speech-started', onsetMs: 260 });
  });
});
