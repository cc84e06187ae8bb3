import { XML_HEAD } from './xml.ts';

/** The formats of cells that our workbooks know. */
const FORMATS = {
  plain: {},
  title: { font: 2 },
  heading: { font: 1, fill: 2, align: 'center' },
  label: { font: 3 },
  /** Text in a column of figures. */
  fact: { number: 49, align: 'right' },
  /** Stays text when it is edited, a phone number for example. */
  text: { number: 49 },
  /** Shows as if it had been typed with an apostrophe: it becomes no formula when it is edited. */
  quoted: { number: 49, quotePrefix: true },
  integer: { number: 3 },
  decimal: { number: 164 },
  percent: { number: 165 },
  moment: { number: 166 },
  day: { number: 167 },
  total: { font: 4, border: 1 },
  totalInteger: { number: 3, font: 4, border: 1 },
  totalDecimal: { number: 164, font: 4, border: 1 },
  totalPercent: { number: 165, font: 4, border: 1 },
} satisfies Record<string, Format>;

interface Format {
  number?: number;
  font?: number;
  fill?: number;
  border?: number;
  quotePrefix?: boolean;
  align?: 'center' | 'right';
}

export type CellStyle = keyof typeof FORMATS;

const STYLES = Object.keys(FORMATS) as CellStyle[];

/** Number of each style in the part that `stylesXml` gives. */
export const STYLE_NUMBERS: Readonly<Record<CellStyle, number>> = Object.fromEntries(
  STYLES.map((style, index) => [style, index]),
) as Record<CellStyle, number>;

export const DAY_FORMAT = 'yyyy-mm-dd';

const NAME = '<name val="Calibri"/><family val="2"/>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** The part `xl/styles.xml`. */
export function stylesXml(): string {
  return `${XML_HEAD}<styleSheet xmlns="${MAIN}">
<numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0.0"/><numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="${DAY_FORMAT}\\ hh:mm:ss"/><numFmt numFmtId="167" formatCode="${DAY_FORMAT}"/></numFmts>
<fonts count="5"><font><sz val="11"/>${NAME}</font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/>${NAME}</font><font><b/><sz val="16"/><color rgb="FF1F3864"/>${NAME}</font><font><sz val="11"/><color rgb="FF595959"/>${NAME}</font><font><b/><sz val="11"/>${NAME}</font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF1F3864"/><bgColor indexed="64"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top style="thin"><color rgb="FF1F3864"/></top><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="${STYLES.length}">${STYLES.map((style) => xf(FORMATS[style])).join('')}</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>
`;
}

function xf({ number = 0, font = 0, fill = 0, border = 0, quotePrefix = false, align }: Format): string {
  const applied = [
    number > 0 ? ' applyNumberFormat="1"' : '',
    font > 0 ? ' applyFont="1"' : '',
    fill > 0 ? ' applyFill="1"' : '',
    border > 0 ? ' applyBorder="1"' : '',
    align === undefined ? '' : ' applyAlignment="1"',
  ];
  const quoted = quotePrefix ? ' quotePrefix="1"' : '';
  const alignment = align === undefined ? '/>' : `><alignment horizontal="${align}"/></xf>`;
  return `<xf numFmtId="${number}" fontId="${font}" fillId="${fill}" borderId="${border}" xfId="0"${quoted}${applied.join('')}${alignment}`;
}
