import type { ApiContext } from './api-context.ts';
import type { AudioBugOptions, AudioModule, Mix } from './audio-bug.ts';
import type { Call } from './call.ts';
import { splitWords } from './words.ts';

const OK = '+OK Success\n';
const FAILED = '-ERR Operation Failed\n';
const USAGE =
  '-USAGE: <uuid> [start | stop | send_text | pause | resume | graceful-shutdown ] [wss-url | path] [mono | mixed | stereo] [8000 | 16000] [metadata]\n';

/** Never settles: the process that would have answered is gone. */
const NEVER = new Promise<string>(() => undefined);

/** `uuid_audio_stream` and `uuid_audio_fork`. */
export async function audioCommand(module: AudioModule, args: string, context: ApiContext): Promise<string> {
  const [uuid, verb] = splitWords(args, 3);
  if (uuid === undefined || verb === undefined) return USAGE;
  const call = context.switch.call(uuid);
  if (verb === 'start') return start(module, args, call, context);
  if (call === undefined) return FAILED;
  return control(module, verb, splitWords(args)[2] ?? null, call);
}

async function control(module: AudioModule, verb: string, text: string | null, call: Call): Promise<string> {
  if (verb === 'stop') return (await call.stopAudio(module, text)) ? OK : FAILED;
  const bug = call.audioBug;
  if (bug?.module !== module) return FAILED;
  switch (verb) {
    case 'pause':
    case 'graceful-shutdown':
      bug.setPaused(true);
      return OK;
    case 'resume':
      bug.setPaused(false);
      return OK;
    case 'send_text':
      if (text === null) return FAILED;
      bug.sendText(text);
      return OK;
    default:
      return FAILED;
  }
}

async function start(
  module: AudioModule,
  args: string,
  call: Call | undefined,
  context: ApiContext,
): Promise<string> {
  const [, , url, mix, rate, metadata] = splitWords(args, 6);
  if (url === undefined || mix === undefined) return USAGE;
  if (!isMix(mix)) return '-ERR no reply\n';
  const rateHz = parseRate(rate);
  if (call === undefined || call.isOver || rateHz === null || !isUsableUrl(url)) return FAILED;
  if (!call.hasMedia) {
    context.crash();
    return NEVER;
  }
  const options: AudioBugOptions = {
    module,
    url,
    mix,
    rateHz,
    metadata: metadata ?? null,
    bufferMs: bufferMs(call.channel.variables.get('STREAM_BUFFER_SIZE')),
    headers: extraHeaders(call.channel.variables.get('STREAM_EXTRA_HEADERS')),
  };
  return call.startAudio(options) ? OK : FAILED;
}

function isMix(word: string): word is Mix {
  return word === 'mono' || word === 'mixed' || word === 'stereo';
}

function parseRate(rate: string | undefined): 8000 | 16000 | null {
  if (rate === undefined || rate === '8k' || rate === '8000') return 8000;
  return rate === '16k' || rate === '16000' ? 16000 : null;
}

/** The module takes host names of letters, digits, hyphens and dots only. */
function isUsableUrl(url: string): boolean {
  return /^wss?:\/\/[A-Za-z0-9.-]+(:\d+)?(\/\S*)?$/.test(url);
}

/** A value that is no multiple of 20 is ignored. */
function bufferMs(variable: string | undefined): number {
  const wanted = Number(variable ?? 20);
  return wanted > 0 && wanted % 20 === 0 ? wanted : 20;
}

function extraHeaders(variable: string | undefined): Record<string, string> {
  if (variable === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(variable);
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    // The module ignores what is not JSON.
    return {};
  }
}
