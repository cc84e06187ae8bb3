import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** What is drawn with characters. Lines may hold colours; widths are columns of the terminal. */

/** Cut or filled up to exactly `width` columns. */
export function fit(line: string, width: number): string {
  const cut = cutTo(line, width);
  return cut + ' '.repeat(Math.max(0, width - stringWidth(cut)));
}

export function cutTo(line: string, width: number): string {
  return stringWidth(line) <= width ? line : sliceAnsi(line, 0, Math.max(0, width));
}

/** `left` from the left, `right` at the right edge; where both do not fit, `left` gives way. */
export function apart(left: string, right: string, width: number): string {
  return `${fit(left, Math.max(0, width - stringWidth(right) - 1))} ${right}`;
}

/** A frame of `width` columns round the lines, with a title in its upper edge. */
export function box(
  title: string,
  lines: readonly string[],
  width: number,
  paint: (text: string) => string,
): string[] {
  const inner = Math.max(0, width - 4);
  const named = cutTo(` ${title} `, Math.max(0, width - 3));
  const top = `${paint('┌─')}${named}${paint(`${'─'.repeat(Math.max(0, width - 3 - stringWidth(named)))}┐`)}`;
  return [
    top,
    ...lines.map((line) => `${paint('│')} ${fit(line, inner)} ${paint('│')}`),
    paint(`└${'─'.repeat(Math.max(0, width - 2))}┘`),
  ];
}

/** Blocks of the same height next to each other. */
export function beside(left: readonly string[], right: readonly string[]): string[] {
  return left.map((line, index) => `${line} ${right[index] ?? ''}`);
}

/** `width` columns of which `share` (0–1) are filled. */
export function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
