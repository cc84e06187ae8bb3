import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { chartXml, type BarChart } from '../../../../src/exports/xlsx/chart.ts';

const chart: BarChart = {
  title: 'Appels & <résultats>',
  direction: 'col',
  sheet: "Jour de l'an",
  firstRow: 2,
  categories: { column: 6, values: [46_352, 46_353], format: 'yyyy-mm-dd' },
  series: [
    { name: 'Appels', column: 7, values: [12, 3], colour: 'B4C7E7' },
    { name: 'Succès', column: 8, values: [4, 0], colour: '548235' },
  ],
};

/** Names of the children of every element `parent`, in order; throws on what is no XML. */
function childrenOf(parent: string, xml: string): string[][] {
  const found: string[][] = [];
  const path: { name: string; children: string[] }[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.at(-1)?.children.push(name);
    path.push({ name, children: [] });
  });
  parser.on('closetag', ({ name }) => {
    const closed = path.pop();
    if (name === parent && closed !== undefined) found.push(closed.children);
  });
  parser.write(xml).close();
  return found;
}

// Excel refuses a chart whose elements stand in another order than that of the schema (ECMA-376, dml-chart).
describe('elements stand in the order of the schema', () => {
  const xml = chartXml(chart);

  it.each([
    ['c:chartSpace', ['c:roundedCorners', 'c:chart']],
    [
      'c:chart',
      ['c:title', 'c:autoTitleDeleted', 'c:plotArea', 'c:legend', 'c:plotVisOnly', 'c:dispBlanksAs'],
    ],
    ['c:plotArea', ['c:layout', 'c:barChart', 'c:catAx', 'c:valAx']],
    [
      'c:barChart',
      ['c:barDir', 'c:grouping', 'c:varyColors', 'c:ser', 'c:ser', 'c:gapWidth', 'c:axId', 'c:axId'],
    ],
    [
      'c:valAx',
      [
        ...['c:axId', 'c:scaling', 'c:delete', 'c:axPos', 'c:majorGridlines', 'c:numFmt', 'c:majorTickMark'],
        ...['c:minorTickMark', 'c:tickLblPos', 'c:crossAx', 'c:crosses', 'c:crossBetween'],
      ],
    ],
    [
      'c:catAx',
      [
        ...['c:axId', 'c:scaling', 'c:delete', 'c:axPos', 'c:numFmt', 'c:majorTickMark', 'c:minorTickMark'],
        ...[
          'c:tickLblPos',
          'c:crossAx',
          'c:crosses',
          'c:auto',
          'c:lblAlgn',
          'c:lblOffset',
          'c:noMultiLvlLbl',
        ],
      ],
    ],
  ])('in %s', (parent, children) => {
    expect(childrenOf(parent, xml)).toEqual([children]);
  });

  it('in each series, with labels and without', () => {
    const plain = ['c:idx', 'c:order', 'c:tx', 'c:spPr', 'c:invertIfNegative', 'c:cat', 'c:val'];
    expect(childrenOf('c:ser', xml)).toEqual([plain, plain]);
    const labelled = chartXml({ ...chart, direction: 'bar', series: chart.series.slice(0, 1) });
    expect(childrenOf('c:ser', labelled)).toEqual([[...plain.slice(0, 5), 'c:dLbls', 'c:cat', 'c:val']]);
  });
});

it('refers to the cells and holds a copy of what is in them', () => {
  const xml = chartXml(chart);
  expect(xml).toContain("<c:f>'Jour de l''an'!$H$1</c:f><c:strCache><c:ptCount val=\"1\"/>");
  expect(xml).toContain(
    '<c:cat><c:numRef><c:f>\'Jour de l\'\'an\'!$G$2:$G$3</c:f><c:numCache><c:formatCode>yyyy-mm-dd</c:formatCode><c:ptCount val="2"/><c:pt idx="0"><c:v>46352</c:v>',
  );
  expect(xml).toContain("<c:val><c:numRef><c:f>'Jour de l''an'!$I$2:$I$3</c:f>");
  expect(xml).toContain('<a:t>Appels &amp; &lt;résultats&gt;</a:t>');
});

it('writes words as words', () => {
  const xml = chartXml({ ...chart, categories: { column: 0, values: ['busy', '<b>'], format: 'General' } });
  expect(xml).toContain('<c:cat><c:strRef>');
  expect(xml).toContain('<c:pt idx="1"><c:v>&lt;b&gt;</c:v></c:pt>');
});
