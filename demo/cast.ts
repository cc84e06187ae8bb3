/** One of the people called in the demo, and what must come of it. Personas and numbers are the simulator's. */
export interface CastMember {
  phone: string;
  firstName: string;
  lastName: string;
  company: string;
  /** What they do, as the final table says it. */
  persona: string;
  expected: { result: string; attempts: number };
}

const member = (
  suffix: string,
  [firstName, lastName, company]: [string, string, string],
  persona: string,
  result: string,
  attempts = 1,
): CastMember => ({
  phone: `+336399820${suffix}`,
  firstName,
  lastName,
  company,
  persona,
  expected: { result, attempts },
});

/** Every number is reserved for fiction. */
export const CAST: readonly CastMember[] = [
  member('01', ['Camille', 'Moreau', 'Atelier Moreau'], 'says yes to all', 'success'),
  member('02', ['Louis', 'Garnier', 'Garnier SARL'], 'refuses', 'not_interested'),
  member('03', ['Inès', 'Faure', ''], 'objects, then accepts', 'success'),
  member('04', ['Hugo', 'Lambert', 'Boulangerie Lambert'], 'asks a question', 'success'),
  member('05', ['Jade', 'Rousseau', ''], 'stays silent', 'silence'),
  member('06', ['Nathan', 'Girard', 'Girard Frères'], 'interrupts the prompt', 'success'),
  member('07', ['Chloé', 'Mercier', ''], 'hangs up half-way', 'hangup'),
  member('08', ['Paul', 'Blanc', ''], 'answering machine', 'answering_machine'),
  member('09', ['Alice', 'Guérin', 'Cabinet Guérin'], 'always busy', 'busy', 2),
  member('10', ['Jules', 'Boyer', ''], 'no answer, then says yes', 'success', 2),
  member('11', ['Léa', 'Chevalier', ''], 'number does not exist', 'invalid_number'),
  member('12', ['Arthur', 'François', ''], '« ne m’appelez plus »', 'opt_out'),
  member('13', ['Zoé', 'Legrand', 'Legrand & Fils'], 'noise only', 'silence'),
  member('14', ['Tom', 'Gauthier', ''], '« vous êtes un robot ? », then no', 'not_interested'),
  member('16', ['Lina', 'Perrin', ''], 'wrong number', 'wrong_number'),
];
