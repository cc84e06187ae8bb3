import { deflateRawSync } from 'node:zlib';

/** A part of an archive; `declaredBytes`: what it says it unpacks to, where that is a lie. */
type Part = string | Buffer | { content: Buffer; declaredBytes: number };

const CONTENT_TYPES =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DEFLATED = 8;

/** A ZIP archive of these parts. Check sums are left out: nothing that reads workbooks here looks at them. */
export function zipOf(parts: Readonly<Record<string, Part>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, part] of Object.entries(parts)) {
    const given = typeof part === 'string' ? Buffer.from(part) : part;
    const content = Buffer.isBuffer(given) ? given : given.content;
    const declaredBytes = Buffer.isBuffer(given) ? given.length : given.declaredBytes;
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(DEFLATED, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(declaredBytes, 18);
    fields.writeUInt16LE(name.length, 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name)]);
    local.push(header, packed);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(20, 4);
    fields.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    central.push(entry, Buffer.from(name));
    offset += header.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

export interface WorkbookContent {
  /** XML of the rows of each sheet, by its name. */
  sheets: Record<string, string>;
  hiddenSheets?: string[];
  sharedStrings?: string;
  styles?: string;
  is1904?: boolean;
}

/** The parts of a workbook, to be made worse before they are packed. */
export function workbookParts(content: WorkbookContent): Record<string, string> {
  const { sheets, hiddenSheets = [], sharedStrings, styles, is1904 = false } = content;
  const names = Object.keys(sheets);
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  const relations = (list: string): string =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`;
  return {
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml':
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets>` +
      names
        .map((name, n) => {
          const state = hiddenSheets.includes(name) ? ' state="hidden"' : '';
          return `<sheet name="${name}" sheetId="${n + 1}"${state} r:id="rId${n + 1}"/>`;
        })
        .join('') +
      '</sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relations(
      [
        ...names.map((_name, n) => relation(`rId${n + 1}`, 'worksheet', `worksheets/sheet${n + 1}.xml`)),
        relation('rIdS', 'sharedStrings', 'sharedStrings.xml'),
        relation('rIdF', 'styles', '/xl/styles.xml'),
      ].join(''),
    ),
    'xl/sharedStrings.xml': `<sst xmlns="${MAIN}">${sharedStrings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${styles ?? ''}</styleSheet>`,
    ...Object.fromEntries(
      Object.values(sheets).map((rows, n) => [
        `xl/worksheets/sheet${n + 1}.xml`,
        `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** A row of texts, as programs write them. */
export function textRow(line: number, texts: readonly string[], attributes = ''): string {
  const cells = texts.map((text, n) => {
    const place = `${String.fromCharCode(65 + n)}${line}`;
    return `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
  });
  return `<row r="${line}"${attributes}>${cells.join('')}</row>`;
}
