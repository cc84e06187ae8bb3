import { expect, it } from 'vitest';
import { fillTemplate, unknownVariables } from '../../../../src/call-engine/scenario/template.ts';

it('fills in what is known of the contact', () => {
  expect(
    fillTemplate('Bonjour {{first_name}} {{ last_name }}.', { first_name: 'Jean', last_name: 'Dupont' }),
  ).toBe('Bonjour Jean Dupont.');
});

it('leaves out what is not known, with its space', () => {
  expect(fillTemplate('Bonjour {{first_name}}, ici {{company}} !', { first_name: null })).toBe(
    'Bonjour, ici !',
  );
  expect(fillTemplate('Bonjour {{constructor}}.', {})).toBe('Bonjour.');
});

it('does not expand what a contact wrote', () => {
  expect(fillTemplate('{{first_name}}', { first_name: '{{phone}}', phone: '+33199000001' })).toBe(
    '{{phone}}',
  );
});

it('names the variables that do not exist', () => {
  expect(unknownVariables('{{first_name}} {{prenom}} {{}}')).toEqual(['prenom', '']);
});
