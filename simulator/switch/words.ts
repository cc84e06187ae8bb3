const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', s: ' ', "'": "'", '"': '"', '\\': '\\' };

/**
 * Splits an API command's arguments at spaces as FreeSWITCH does: `'…'` holds a word together and is taken away,
 * `\n \r \t \s \' \" \\` are interpreted, any other backslash stays. The last of `max` words is the rest of the line.
 */
export function splitWords(text: string, max = Number.POSITIVE_INFINITY): string[] {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    if (words.length === max - 1) {
      words.push(cleanRest(rest));
      break;
    }
    const { word, length } = takeWord(rest);
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return words;
}

function takeWord(text: string): { word: string; length: number } {
  let word = '';
  let quoted = false;
  let at = 0;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && next !== '') {
      word += ESCAPES[next] ?? `\\${next}`;
      at++;
    } else if (character === "'" && (quoted || text.includes("'", at + 1))) {
      quoted = !quoted;
    } else if (character === ' ' && !quoted) {
      break;
    } else {
      word += character;
    }
  }
  return { word, length: at };
}

/** The rest of a line loses one pair of outer apostrophes; its escapes are interpreted. */
function cleanRest(text: string): string {
  const inner = /^'(.*)'$/s.exec(text)?.[1] ?? text;
  return inner.replace(/\\([nrts'"\\])/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}

/** `a=1,b=2` of a `{…}` block; `\,` is a comma, a leading `^^;` changes the separator. */
export function parseVariables(block: string): Map<string, string> {
  const separator = block.startsWith('^^') ? block.charAt(2) : ',';
  const list = block.startsWith('^^') ? block.slice(3) : block;
  const variables = new Map<string, string>();
  for (const part of splitUnescaped(list, separator)) {
    const equals = part.indexOf('=');
    const value = equals === -1 ? '' : part.slice(equals + 1);
    // A value with ${…} in it was never seen to arrive; an empty one counts as not set.
    if (equals > 0 && value !== '' && !value.includes('${'))
      variables.set(part.slice(0, equals).trim(), value);
  }
  return variables;
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && text.charAt(at + 1) === separator) {
      part += separator;
      at++;
    } else if (character === separator) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}
