/** Variables that a prompt's text may name. */
const TEMPLATE_VARIABLES = ['first_name', 'last_name', 'company', 'email', 'phone'] as const;

export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** What is known of the contact; absent or null is left out of the text. */
export type TemplateValues = Readonly<Partial<Record<TemplateVariable, string | null>>>;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** `Bonjour {{first_name}},` → `Bonjour Jean,`; without a value `Bonjour,`. Unknown variables are left out too. */
export function fillTemplate(text: string, values: TemplateValues): string {
  return text
    .replace(PLACEHOLDER, (_placeholder, name: string) =>
      isTemplateVariable(name) ? (values[name] ?? '') : '',
    )
    .replace(/\s+([,.])/g, '$1')
    .replace(/\s{2,}/g, ' ')
    .trim();
}

/** Names between `{{ }}` that are no variable of ours. */
export function unknownVariables(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)]
    .map((match) => match[1] ?? '')
    .filter((name) => !isTemplateVariable(name));
}

function isTemplateVariable(name: string): name is TemplateVariable {
  return TEMPLATE_VARIABLES.some((variable) => variable === name);
}
