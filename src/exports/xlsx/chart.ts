import { columnName, quotedName } from './sheet.ts';
import { xmlText, XML_HEAD } from './xml.ts';

/** A bar chart over cells of a sheet, with a copy of what they hold: some programs show nothing else. */
export interface BarChart {
  title: string;
  /** `bar` lies, its first category on top, values written behind; `col` stands on a scale. */
  direction: 'bar' | 'col';
  sheet: string;
  /** First row of the data, counted from 1. */
  firstRow: number;
  categories: { column: number; values: readonly (string | number)[]; format: string };
  series: readonly { name: string; column: number; values: readonly number[]; colour: string }[];
}

const CHART = 'http://schemas.openxmlformats.org/drawingml/2006/chart';
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const CATEGORY_AXIS = 111_111_111;
const VALUE_AXIS = 222_222_222;
const GRID_LINES =
  '<c:majorGridlines><c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>';
/** In place of an axis where the bars are of one kind. */
const VALUE_LABELS =
  '<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>';

/** The part `xl/charts/chartN.xml`. Elements stand in the order that the schema demands; Excel refuses any other. */
export function chartXml(chart: BarChart): string {
  const lies = chart.direction === 'bar';
  const series = chart.series.map((one, index) => seriesXml(chart, one, index)).join('');
  return `${XML_HEAD}<c:chartSpace xmlns:c="${CHART}" xmlns:a="${DRAWING}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<c:roundedCorners val="0"/>
<c:chart>
<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1300" b="1"/></a:pPr><a:r><a:rPr lang="en-US" sz="1300" b="1"/><a:t>${xmlText(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>
<c:autoTitleDeleted val="0"/>
<c:plotArea><c:layout/>
<c:barChart><c:barDir val="${chart.direction}"/><c:grouping val="clustered"/><c:varyColors val="0"/>${series}<c:gapWidth val="60"/><c:axId val="${CATEGORY_AXIS}"/><c:axId val="${VALUE_AXIS}"/></c:barChart>
<c:catAx><c:axId val="${CATEGORY_AXIS}"/><c:scaling><c:orientation val="${lies ? 'maxMin' : 'minMax'}"/></c:scaling><c:delete val="0"/><c:axPos val="${lies ? 'l' : 'b'}"/><c:numFmt formatCode="${xmlText(chart.categories.format)}" sourceLinked="1"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="${VALUE_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>
<c:valAx><c:axId val="${VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="${lies ? 1 : 0}"/><c:axPos val="${lies ? 't' : 'l'}"/>${lies ? '' : GRID_LINES}<c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="${CATEGORY_AXIS}"/><c:crosses val="autoZero"/><c:crossBetween val="between"/></c:valAx>
</c:plotArea>
${chart.series.length > 1 ? '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>' : ''}
<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/>
</c:chart>
</c:chartSpace>
`;
}

function seriesXml(chart: BarChart, one: BarChart['series'][number], index: number): string {
  const heading = `${quotedName(chart.sheet)}!$${columnName(one.column)}$${chart.firstRow - 1}`;
  return [
    `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>`,
    `<c:tx><c:strRef><c:f>${heading}</c:f><c:strCache><c:ptCount val="1"/>${point(0, one.name)}</c:strCache></c:strRef></c:tx>`,
    `<c:spPr><a:solidFill><a:srgbClr val="${one.colour}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>`,
    chart.direction === 'bar' ? VALUE_LABELS : '',
    `<c:cat>${categoriesXml(chart)}</c:cat>`,
    `<c:val><c:numRef><c:f>${rangeOf(chart, one.column)}</c:f>${numberCache(one.values, 'General')}</c:numRef></c:val>`,
    '</c:ser>',
  ].join('');
}

function categoriesXml(chart: BarChart): string {
  const { column, values, format } = chart.categories;
  const range = `<c:f>${rangeOf(chart, column)}</c:f>`;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length) {
    return `<c:numRef>${range}${numberCache(numbers, format)}</c:numRef>`;
  }
  const points = values.map((value, index) => point(index, String(value))).join('');
  return `<c:strRef>${range}<c:strCache><c:ptCount val="${values.length}"/>${points}</c:strCache></c:strRef>`;
}

function numberCache(values: readonly number[], format: string): string {
  const points = values.map((value, index) => point(index, String(value))).join('');
  return `<c:numCache><c:formatCode>${xmlText(format)}</c:formatCode><c:ptCount val="${values.length}"/>${points}</c:numCache>`;
}

function point(index: number, value: string): string {
  return `<c:pt idx="${index}"><c:v>${xmlText(value)}</c:v></c:pt>`;
}

function rangeOf({ sheet, firstRow, categories }: BarChart, column: number): string {
  const letter = columnName(column);
  const lastRow = firstRow + categories.values.length - 1;
  return `${quotedName(sheet)}!$${letter}$${firstRow}:$${letter}$${lastRow}`;
}
