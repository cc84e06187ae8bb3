import { expect, it } from 'vitest';
import { FirstLines } from '../../../src/contacts/first-lines.ts';
import { seededRandom } from '../../helpers/random.ts';

it('knows the first line of every number, like a map, among neighbours and far apart', () => {
  const random = seededRandom(15);
  const lines = new FirstLines();
  const known = new Map<string, number>();
  for (let line = 2; line < 30_000; line += 1) {
    const digits =
      line % 2 === 0
        ? 33_199_000_000 + Math.floor(random() * 9000)
        : Math.floor(random() * 999_999_999_999_999);
    const phone = `+${Math.max(1, digits)}`;
    expect(lines.findOrAdd(phone, line)).toBe(known.get(phone) ?? null);
    if (!known.has(phone)) known.set(phone, line);
  }
  for (const [phone, line] of known) expect(lines.findOrAdd(phone, 1)).toBe(line);
});
