/** French départements as `--region-filter` names them: `01`, `2A`, `974`. Corsica's `20` stands for both of its own. */
export type Departments = ReadonlySet<string>;

const DEPARTMENT = /^(?:0?[1-9]|[1-8]\d|9[0-5]|2[AB]|97\d|98\d)$/i;
const CORSICA = ['2A', '2B'];

/** `1`, `01`, `2a`, `974` → `01`, `01`, `2A`, `974`; null where it is none. */
export function readDepartment(text: string): string | null {
  // A column of départements may go on with their names: `01 - Ain`.
  const code = /^[0-9]{1,3}[ab]?(?![0-9a-z])/i.exec(text.trim())?.[0] ?? '';
  return DEPARTMENT.test(code) ? code.toUpperCase().padStart(2, '0') : null;
}

/** What `--region-filter` means, with both of Corsica's for `20`. */
export function withCorsica(codes: readonly string[]): Departments {
  return new Set(codes.flatMap((code) => (code === '20' ? ['20', ...CORSICA] : [code])));
}

/** The département of a French postal code, whose leading zero a spreadsheet may have eaten; null where it is none. */
export function departmentOfPostalCode(text: string): string | null {
  const digits = text.replace(/\s/g, '').replace(/^F-?/i, '');
  const code = /^\d{4}$/.test(digits) ? `0${digits}` : digits;
  if (!/^\d{5}$/.test(code)) return null;
  if (code.startsWith('20')) return /^20[01]/.test(code) ? '2A' : '2B';
  return readDepartment(/^9[78]/.test(code) ? code.slice(0, 3) : code.slice(0, 2));
}
