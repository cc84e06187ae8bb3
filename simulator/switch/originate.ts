import { parseVariables, splitWords } from './words.ts';

export interface Destination {
  /** Null calls nobody: mod_loopback's endpoint `null`, a channel of the switch alone. */
  gateway: string | null;
  number: string;
}

/** An originate string understood, or the way it is refused. */
type OriginateRequest =
  | (Destination & {
      ok: true;
      variables: Map<string, string>;
      application: { name: string; argument: string };
      timeoutS: number;
    })
  | { ok: false; reply: string };

const USAGE =
  '-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]\n';

const DEFAULT_TIMEOUT_S = 60;

/** Parses the arguments of `originate`: `{vars}[vars]sofia/gateway/<gateway>/<number> &app(args) … [timeout]`. */
export function parseOriginate(args: string): OriginateRequest {
  const words = splitWords(args);
  const [dialString, target] = words;
  if (dialString === undefined || target === undefined) return refused(USAGE);
  const blocks = takeBlocks(dialString);
  if (blocks === null) return refused('-ERR DESTINATION_OUT_OF_ORDER\n');
  const [endpoint, kind, gateway, number] = blocks.rest.split('/');
  if (endpoint === 'null') return accepted(blocks.variables, { gateway: null, number: kind ?? '' }, words);
  if (endpoint !== 'sofia') return refused('-ERR CHAN_NOT_IMPLEMENTED\n');
  if (kind !== 'gateway' || gateway === undefined || number === undefined || !/^\+?[\w*#.-]+$/.test(number)) {
    return refused('-ERR DESTINATION_OUT_OF_ORDER\n');
  }
  return accepted(blocks.variables, { gateway, number }, words);
}

function accepted(
  variables: Map<string, string>,
  destination: Destination,
  words: readonly string[],
): OriginateRequest {
  const target = words[1] ?? '';
  const application = /^&(\w+)(?:\(([^)]*)\))?$/.exec(target);
  const timeoutS = Number(variables.get('originate_timeout') ?? words[6] ?? DEFAULT_TIMEOUT_S);
  return {
    ok: true,
    variables,
    ...destination,
    // A bare extension would run the dialplan, which a switch with no dialplan refuses after the answer.
    application: { name: application?.[1] ?? target, argument: application?.[2] ?? '' },
    timeoutS: timeoutS > 0 ? timeoutS : DEFAULT_TIMEOUT_S,
  };
}

/** `{…}` and `[…]` at the start of the dial string; null when one is not closed. */
function takeBlocks(dialString: string): { variables: Map<string, string>; rest: string } | null {
  const variables = new Map<string, string>();
  let rest = dialString;
  for (const [open, close] of [
    ['{', '}'],
    ['[', ']'],
  ] as const) {
    if (!rest.startsWith(open)) continue;
    const end = closingAt(rest, open, close);
    if (end === -1) return null;
    for (const [name, value] of parseVariables(rest.slice(1, end))) variables.set(name, value);
    rest = rest.slice(end + 1);
  }
  return { variables, rest };
}

/** Brackets inside the block count; quotes do not, they are gone by now. */
function closingAt(text: string, open: string, close: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === open) depth++;
    if (text[at] === close && --depth === 0) return at;
  }
  return -1;
}

function refused(reply: string): OriginateRequest {
  return { ok: false, reply };
}
