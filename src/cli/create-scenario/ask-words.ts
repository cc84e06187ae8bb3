import { formatDecimal } from '../format.ts';
import type { Answer } from './asker.ts';
import type { Kit, ProposedWords } from './wizard.ts';

const MAX_TEXT = 2000;

/** What a recording says: as answered before, else what is known of it or was heard in it, else `otherwise`. */
export async function askWords(
  kit: Kit,
  asked: {
    message: string;
    recording: { voice: string; file: string };
    before: string | null;
    otherwise: string;
    validate?: (text: string) => string | null;
  },
): Answer<string> {
  const { asker, messages, world } = kit;
  const { voice, file } = asked.recording;
  const proposed =
    asked.before === null
      ? await asker.busy(messages.createScenario.transcribing(file), () => world.wordsOf(voice, file))
      : null;
  return asker.text({
    message: proposed === null ? asked.message : `${asked.message}\n│  ${whence(proposed, kit)}`,
    initial: asked.before ?? proposed?.text ?? asked.otherwise,
    validate: (text) => asked.validate?.(text) ?? spokenProblem(kit, text),
  });
}

function spokenProblem({ messages }: Kit, text: string): string | null {
  return text === '' || text.length > MAX_TEXT ? messages.createScenario.invalid.spoken : null;
}

function whence({ from }: ProposedWords, { messages }: Kit): string {
  const texts = messages.createScenario;
  if ('scenario' in from) return texts.knownFrom(from.scenario);
  return texts.transcribed(formatDecimal(from.confidence * 100, messages));
}
