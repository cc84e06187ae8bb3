import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import {
  columnName,
  quotedName,
  sheetXml,
  type Cell,
  type Sheet,
} from '../../../../src/exports/xlsx/sheet.ts';
import { STYLE_NUMBERS } from '../../../../src/exports/xlsx/styles.ts';
import { cellText } from '../../../../src/exports/xlsx/xml.ts';

const sheet = (rows: Sheet['rows'], more: Partial<Sheet> = {}): Sheet => ({
  name: 'Calls',
  widths: [10, 10],
  filter: null,
  freezesFirstRow: false,
  showsGrid: true,
  charts: [],
  rows,
  ...more,
});

async function xmlOf(made: Sheet): Promise<string> {
  const parts = [];
  for await (const part of sheetXml(made, { isFirst: false })) parts.push(part);
  return parts.join('');
}

/** What a strict parser reads: throws on what is no XML. */
function readTexts(xml: string): string[] {
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => name === 't' && texts.push(''));
  parser.on('text', (text) => {
    if (texts.length > 0) texts.push((texts.pop() ?? '') + text);
  });
  parser.write(xml).close();
  return texts;
}

/** What XML, spreadsheets or UTF-16 have a meaning of their own for, and what they have none for. */
const NASTY = [
  ...['\u0000', '\u0007', '\u0085', '\ud800', '\udc00', '\ufffe', '\uffff', '\r', '\n', '\t', ' '],
  ...['<', '>', '&', '"', ']]>', '&amp;', '_', 'x0041_', 'a', 'é', 'e\u0301', '😀', '漢'],
];

const text = (value: string): Cell => ({ value, style: 'text' });

describe('text of any origin', () => {
  it('is read back as it was, but for what XML cannot hold', () => {
    expect(cellText('a & b < c > "d"')).toBe('a &amp; b &lt; c &gt; &quot;d&quot;');
    expect(cellText('oui\u0007\u0000\u0085\ud800\udfff\ufffe je')).toBe(
      `oui\ufffd\ufffd\ufffd\u{103ff}\ufffd je`,
    );
    expect(cellText('\ud83d\ude00 \ude00')).toBe('😀 \ufffd');
    expect(cellText('a\r\nb\rc\td')).toBe('a\nb\nc\td');
    expect(cellText('_x0041_ _X00e9_ _x41_')).toBe('_x005F_x0041_ _x005F_X00e9_ _x41_');
  });

  it('never breaks the sheet, and what is written in a language comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...NASTY), minLength: 1 }), (value) => {
        const [read = ''] = readTexts(`<t>${cellText(value)}</t>`);
        expect(read.replaceAll('_x005F_', '_').match(/\p{L}/gu)).toEqual(value.match(/\p{L}/gu));
      }),
    );
  });

  it('is cut where Excel takes no more, and not within a character', async () => {
    const [read = ''] = readTexts(await xmlOf(sheet([[text(`${'a'.repeat(32_765)}😀😀`)]])));
    expect(read).toHaveLength(32_767);
    expect(read.endsWith('a\ufffd…')).toBe(true);
  });

  it('keeps its white space', async () => {
    expect(await xmlOf(sheet([[text(' a')]]))).toContain('<t xml:space="preserve"> a</t>');
  });

  it('is text, not a formula, also after it is edited', async () => {
    const xml = await xmlOf(sheet([[text('=1+1'), text('+33199000001')]]));
    expect(xml).toContain(`<c r="A1" s="${STYLE_NUMBERS.quoted}" t="inlineStr"><is><t>=1+1</t></is></c>`);
    expect(xml).toContain(
      `<c r="B1" s="${STYLE_NUMBERS.text}" t="inlineStr"><is><t>+33199000001</t></is></c>`,
    );
    expect(xml).not.toContain('<f>');
  });
});

describe('a sheet', () => {
  it('numbers rows over pages and leaves out empty cells', async () => {
    const pages = (async function* () {
      await Promise.resolve();
      yield [[text('a'), null, { value: 1.5, style: 'decimal' as const }]];
      yield [[], [text('b')]];
    })();
    const xml = await xmlOf(sheet(pages));
    expect(xml).toMatch(/<row r="1"><c r="A1".*<\/row><row r="2"><\/row><row r="3"><c r="A3".*<\/row>/);
    expect(xml).toContain(`</c><c r="C1" s="${STYLE_NUMBERS.decimal}"><v>1.5</v></c></row>`);
  });

  it('has its filter, frozen row and drawing where the schema has them', async () => {
    const xml = await xmlOf(
      sheet([], {
        filter: { rows: 3 },
        freezesFirstRow: true,
        charts: [{ xml: '', from: { column: 0, row: 0 }, to: { column: 1, row: 1 } }],
      }),
    );
    const order = [
      ...xml.matchAll(
        /<(sheetPr|sheetViews|cols|sheetData|autoFilter|pageMargins|pageSetup|ignoredErrors|drawing)\b/g,
      ),
    ];
    expect(order.map(([, name]) => name)).toEqual([
      ...[
        'sheetPr',
        'sheetViews',
        'cols',
        'sheetData',
        'autoFilter',
        'pageMargins',
        'pageSetup',
        'ignoredErrors',
        'drawing',
      ],
    ]);
    expect(xml).toContain('<autoFilter ref="A1:B3"/>');
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  });

  it('names columns and itself as formulas do', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
    expect(quotedName("L'été")).toBe("'L''été'");
  });
});
