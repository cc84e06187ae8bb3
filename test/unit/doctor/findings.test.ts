import { describe, expect, it } from 'vitest';
import { enOperations } from '../../../src/cli/messages/en-operations.ts';
import { frOperations } from '../../../src/cli/messages/fr-operations.ts';
import { COMPONENTS } from '../../../src/doctor/components.ts';

const placesOf = (text: string | undefined): string[] =>
  [...new Set((text ?? '').match(/\{\w+\}/g) ?? [])].sort();

describe('the texts of findings', () => {
  it('hold the same values in both languages', () => {
    const french: Record<string, { found: string; mend?: string }> = frOperations.findings;
    for (const [code, { found, ...rest }] of Object.entries(enOperations.findings)) {
      const mend = 'mend' in rest ? rest.mend : undefined;
      expect([code, placesOf(french[code]?.found)]).toEqual([code, placesOf(found)]);
      expect([code, placesOf(french[code]?.mend)]).toEqual([code, placesOf(mend)]);
    }
  });

  it('are French in French', () => {
    expect(frOperations.findings.vosk_demo.found).toContain('ne comprend pas les gens');
  });

  it('name every component', () => {
    expect(Object.keys(enOperations.doctor.components)).toEqual(COMPONENTS);
    expect(Object.keys(frOperations.doctor.components)).toEqual(COMPONENTS);
  });
});
