import { filterRange, quotedName, type PlacedChart, type Sheet } from './sheet.ts';
import { xmlText, XML_HEAD } from './xml.ts';

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument';

/** A part of the package whose text is known before any row is. */
export interface Part {
  path: string;
  xml: string;
}

/** Everything but the sheets and the styles. Sheets are numbered from 1, and so are the charts of all sheets together. */
export function packageParts(sheets: readonly Sheet[]): Part[] {
  const drawings = sheets.flatMap((sheet, index) =>
    sheet.charts.length === 0 ? [] : [{ sheet: index + 1, charts: sheet.charts }],
  );
  let charts = 0;
  const numbered = drawings.map((drawing, index) => ({
    ...drawing,
    number: index + 1,
    charts: drawing.charts.map((chart) => ({ ...chart, number: ++charts })),
  }));
  return [
    { path: '[Content_Types].xml', xml: contentTypes(sheets.length, numbered.length, charts) },
    {
      path: '_rels/.rels',
      xml: relationships([{ type: `${OFFICE}/officeDocument`, target: 'xl/workbook.xml' }]),
    },
    { path: 'xl/workbook.xml', xml: workbookXml(sheets) },
    { path: 'xl/_rels/workbook.xml.rels', xml: workbookRelationships(sheets.length) },
    ...numbered.flatMap(({ sheet, number, charts: placed }): Part[] => [
      {
        path: `xl/worksheets/_rels/sheet${sheet}.xml.rels`,
        xml: relationships([{ type: `${OFFICE}/drawing`, target: `../drawings/drawing${number}.xml` }]),
      },
      { path: `xl/drawings/drawing${number}.xml`, xml: drawingXml(placed) },
      {
        path: `xl/drawings/_rels/drawing${number}.xml.rels`,
        xml: relationships(
          placed.map((chart) => ({
            type: `${OFFICE}/chart`,
            target: `../charts/chart${chart.number}.xml`,
          })),
        ),
      },
      ...placed.map((chart) => ({ path: `xl/charts/chart${chart.number}.xml`, xml: chart.xml })),
    ]),
  ];
}

function contentTypes(sheets: number, drawings: number, charts: number): string {
  const override = (path: string, type: string): string =>
    `<Override PartName="/xl/${path}.xml" ContentType="${TYPES}.${type}+xml"/>`;
  return `${XML_HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${[
    override('workbook', 'spreadsheetml.sheet.main'),
    ...upTo(sheets, (number) => override(`worksheets/sheet${number}`, 'spreadsheetml.worksheet')),
    override('styles', 'spreadsheetml.styles'),
    ...upTo(drawings, (number) => override(`drawings/drawing${number}`, 'drawing')),
    ...upTo(charts, (number) => override(`charts/chart${number}`, 'drawingml.chart')),
  ].join('')}</Types>`;
}

function workbookXml(sheets: readonly Sheet[]): string {
  const entries = sheets.map(
    ({ name }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  // Excel looks for the filter here as well.
  const filters = sheets.flatMap((sheet, index) => {
    const range = filterRange(sheet);
    if (range === null) return [];
    const name = `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">`;
    return [`${name}${quotedName(sheet.name)}!${range}</definedName>`];
  });
  const names = filters.length === 0 ? '' : `<definedNames>${filters.join('')}</definedNames>`;
  return `${XML_HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="15000"/></bookViews><sheets>${entries.join('')}</sheets>${names}</workbook>`;
}

function workbookRelationships(sheets: number): string {
  return relationships([
    ...upTo(sheets, (number) => ({ type: `${OFFICE}/worksheet`, target: `worksheets/sheet${number}.xml` })),
    { type: `${OFFICE}/styles`, target: 'styles.xml' },
  ]);
}

/** Numbered `rId1`, `rId2` … */
function relationships(all: readonly { type: string; target: string }[]): string {
  const entries = all.map(
    ({ type, target }, index) => `<Relationship Id="rId${index + 1}" Type="${type}" Target="${target}"/>`,
  );
  return `${XML_HEAD}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

function drawingXml(charts: readonly PlacedChart[]): string {
  const marker = (name: string, { column, row }: PlacedChart['from']): string =>
    `<xdr:${name}><xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${name}>`;
  // The ids of shapes are those of the drawing; 1 is the drawing's own.
  const anchors = charts.map(
    ({ from, to }, index) =>
      `<xdr:twoCellAnchor>${marker('from', from)}${marker('to', to)}<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="${index + 2}" name="Chart ${index + 1}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${DRAWING}/chart"><c:chart xmlns:c="${DRAWING}/chart" r:id="rId${index + 1}"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor>`,
  );
  return `${XML_HEAD}<xdr:wsDr xmlns:xdr="${DRAWING}/spreadsheetDrawing" xmlns:a="${DRAWING}/main" xmlns:r="${OFFICE}">${anchors.join('')}</xdr:wsDr>`;
}

function upTo<T>(count: number, make: (number: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}
