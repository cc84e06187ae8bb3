import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Breaks a text between words into lines of at most `width` columns. A longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  return wrapAnsi(text.replace(/[ \n\t]+/g, ' '), width).split('\n');
}

/** A line that is too wide for the terminal, broken between words, its indentation kept. Others are left as they are. */
export function fitLine(line: string, { isTTY, columns }: { isTTY?: boolean; columns?: number }): string {
  if (isTTY !== true || columns === undefined || line.includes('\n') || stringWidth(line) <= columns)
    return line;
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines = wrapAnsi(line.slice(indent.length), Math.max(1, columns - indent.length)).split('\n');
  return lines.map((each) => indent + each).join('\n');
}
