import { describe, expect, it } from 'vitest';
import { drawProgress, ProgressBar } from '../../../src/cli/progress.ts';
import { fakeTerminal } from './fake-terminal.ts';

const ESCAPE = '\u001b';
const HOSTILE = `Jean${ESCAPE}[2J\u202e\u0007`;

describe('Terminal', () => {
  it('paints on a terminal only, and not where NO_COLOR is set', () => {
    const shown = (options: Parameters<typeof fakeTerminal>[0]): string => {
      const { terminal, written } = fakeTerminal(options);
      terminal.printHeading('Title');
      terminal.printError('error:', 'no');
      return written.out + written.err;
    };
    expect(shown({ isTTY: true })).toContain(ESCAPE);
    expect(shown({ isTTY: false })).not.toContain(ESCAPE);
    expect(shown({ isTTY: true, environment: { NO_COLOR: '1' } })).not.toContain(ESCAPE);
    expect(shown({ isTTY: true, environment: { TERM: 'dumb' } })).not.toContain(ESCAPE);
  });

  it('lets nothing that others wrote steer the terminal', () => {
    const { terminal, written } = fakeTerminal();
    terminal.printTable(['Name'], [[HOSTILE], [{ text: HOSTILE, paint: (text) => text }]]);
    terminal.printFacts([['Name', HOSTILE]]);
    terminal.printHeading(HOSTILE);
    terminal.printLine(HOSTILE);
    terminal.printError('error:', HOSTILE);
    terminal.printWarning('warning:', HOSTILE);
    terminal.printNote(HOSTILE);
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(written.out + written.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('breaks lines that are too long between words, on a terminal only', () => {
    const long = `   ${'Closed now; calls begin at ten in the morning. '.repeat(3).trim()}`;
    const shown = (isTTY: boolean): string => {
      const { terminal, written } = fakeTerminal({ isTTY, environment: { NO_COLOR: '1' } });
      terminal.print(long);
      terminal.printNote(long);
      return written.out + written.err;
    };
    expect(shown(false)).toBe(`${long}\n${long}\n`);
    const lines = shown(true).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => !/^ {3}\S.{0,76}$/.test(line))).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`${long.trim()} ${long.trim()}`);
  });

  it('leaves out facts that are not known', () => {
    const { terminal, written } = fakeTerminal();
    terminal.printFacts([
      ['E-mail', null],
      ['Tags', 'or'],
    ]);
    expect(written.out).toBe('Tags    or\n');
  });
});

describe('ProgressBar', () => {
  it('draws a bar', () => {
    expect(drawProgress('Importing', 32, 50)).toBe('Importing [█████████████████░░░░░░░░░░░] 32/50 (64%)');
    expect(drawProgress('Importing', 0, 0)).toBe('Importing …');
  });

  it('tells the pace and the time left once it can, on one line of 80 columns', () => {
    let nowMs = 0;
    const { terminal, written } = fakeTerminal({ isTTY: true });
    const bar = new ProgressBar(terminal.stderr, 'Importation', () => nowMs);
    bar.update(0, 1_000_000);
    nowMs += 5_000;
    bar.update(100_000, 1_000_000);
    const line = written.err.split('\r').at(-1)?.replace(`${ESCAPE}[2K`, '');
    expect(line).toBe('Importation [█░░░░░░░░░░░░░] 100000/1000000 (10%) 20000/s ETA 0:45');
    nowMs += 1_000;
    bar.update(200_000, 0);
    expect(written.err).toContain('Importation 200000 … 33333/s');
  });

  it('is drawn a few times a second, on a terminal only, and leaves no trace', () => {
    let nowMs = 0;
    const shown = (isTTY: boolean): string => {
      const { terminal, written } = fakeTerminal({ isTTY });
      const bar = new ProgressBar(terminal.stderr, 'Importing', () => nowMs);
      bar.update(1, 10);
      bar.update(2, 10);
      nowMs += 200;
      bar.update(3, 10);
      bar.clear();
      bar.clear();
      return written.err;
    };
    expect(shown(false)).toBe('');
    const onTerminal = shown(true);
    expect(onTerminal).toContain('1/10');
    expect(onTerminal).not.toContain('2/10');
    expect(onTerminal).toContain('3/10');
    expect(onTerminal.endsWith(`(30%)\r${ESCAPE}[2K`)).toBe(true);
  });
});
