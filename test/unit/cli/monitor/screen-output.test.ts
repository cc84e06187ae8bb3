import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { en } from '../../../../src/cli/messages/en.ts';
import { ScreenOutput } from '../../../../src/cli/monitor/screen-output.ts';
import { Terminal } from '../../../../src/cli/terminal.ts';
import { campaign, NOW, view } from './fixture.ts';

/** A terminal window with a keyboard. */
class Window extends EventEmitter {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  written = '';
  write(text: string): void {
    this.written += text;
  }
  /** What was written since the last time. */
  take(): string {
    const { written } = this;
    this.written = '';
    return written;
  }
}

const FULL_SCREEN = '\u001b[?1049h';
const BACK = '\u001b[?1049l';

let window: Window;
let keyboard: PassThrough & { isTTY: boolean; isRaw: boolean; setRawMode: (isRaw: boolean) => void };
let steered: string[];
let quits: number;
let nowMs: number;
let screen: ScreenOutput;
beforeEach(() => {
  window = new Window();
  keyboard = Object.assign(new PassThrough(), {
    ...{ isTTY: true, isRaw: false },
    setRawMode(isRaw: boolean) {
      keyboard.isRaw = isRaw;
    },
  });
  steered = [];
  quits = 0;
  nowMs = NOW.getTime();
  screen = new ScreenOutput(new Terminal(window, window, { NO_COLOR: '1' }), keyboard, en, {
    steer: (verb) => {
      steered.push(verb);
      return verb === 'resume' ? Promise.reject(new Error('not now')) : Promise.resolve();
    },
    quit: () => {
      quits += 1;
    },
    now: () => new Date(nowMs),
  });
});
afterEach(() => screen.close());

const press = (keys: string): boolean => keyboard.emit('data', keys);

it('takes the second screen and raw keys, and gives both back with the last view', () => {
  const listeners = process.listenerCount('exit');
  screen.show(view());
  expect(keyboard.isRaw).toBe(true);
  expect(window.take()).toContain(FULL_SCREEN);
  screen.close();
  screen.close();
  const left = window.take();
  expect(left.split(BACK)).toHaveLength(2);
  expect(left.split(BACK)[1]).toContain('32/50 (64%)');
  expect(left.split(BACK)[1]).not.toContain('q quit');
  expect(keyboard.isRaw).toBe(false);
  expect(process.listenerCount('exit')).toBe(listeners);
});

it('leaves the second screen when the process ends in its midst', () => {
  screen.show(view());
  window.take();
  for (const listener of process.listeners('exit').slice(-1)) listener(1);
  expect(window.take()).toContain(BACK);
});

it('pauses when p is pressed twice, and not by mistake', async () => {
  screen.show(view());
  press('p');
  expect(window.take()).toContain(en.live.monitor.confirmPause);
  press('x');
  press('p');
  nowMs += 6000;
  press('p');
  expect(steered).toEqual([]);
  press('p');
  expect(steered).toEqual(['pause']);
  await vi.waitFor(() => expect(window.written).toContain(en.live.monitor.steered.pause));
  press('rr');
  expect(steered).toEqual(['pause']);
});

it('resumes a paused campaign alone, and says when that did not work', async () => {
  screen.show(view({}, { campaign: campaign({ status: 'paused' }) }));
  press('pp');
  press('rr');
  expect(steered).toEqual(['resume']);
  await vi.waitFor(() => expect(window.written).toContain('That did not work: not now'));
});

it('quits with q and Ctrl+C; arrows are no keys of ours', () => {
  screen.show(view());
  press('\u001b[A');
  expect(quits).toBe(0);
  press('q');
  press('\u0003');
  expect(quits).toBe(2);
});

it('shows and hides live calls, and follows the window’s size', () => {
  screen.show(view());
  window.take();
  press('l');
  expect(window.take()).not.toContain('Live Calls');
  press('l');
  expect(window.take()).toContain('Live Calls (3)');
  window.columns = 60;
  window.rows = 20;
  window.emit('resize');
  const redrawn = window.take();
  expect(redrawn).toContain('\u001b[2J');
  const frame = redrawn.slice(redrawn.indexOf('\u001b[2J')).split('\n');
  expect(Math.max(...frame.map((line) => stripVTControlCharacters(line).length))).toBe(60);
});
