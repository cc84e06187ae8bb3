import type { PlayedConversation } from './play.ts';

/** What is wrong with how the bot took its turn; null when nothing is. */
export type Fault =
  /** It spoke although the person had only paused. */
  | 'cut-in'
  /** What was said never stopped the prompt. */
  | 'missed-barge-in'
  /** Noise or a backchannel stopped the prompt. */
  | 'false-barge-in'
  /** Noise after the question was taken for the answer. */
  | 'false-answer'
  /** The answer was not noticed. */
  | 'missed-answer'
  /** After a pause the prompt did not go on where it had stopped. */
  | 'not-resumed'
  | 'wrong-intent';

export interface Judgement {
  played: PlayedConversation;
  fault: Fault | null;
  /** End of the last words → decision to speak. Null where the bot decided otherwise. */
  endOfTurnMs: number | null;
  /** Onset of what is said over the prompt → silence. Null without a barge-in. */
  bargeInMs: number | null;
  /** How often the prompt paused for what was no turn. */
  falsePauses: number;
  heard: string;
  intent: string;
}

const FRAME_MS = 20;

export function judge(played: PlayedConversation): Judgement {
  const { plan, reply, turns } = played;
  const turn = turns.at(0);
  return {
    played,
    fault: faultOf(played),
    endOfTurnMs: endOfTurnOf(played),
    bargeInMs: plan.expects === 'interruption' ? bargeInOf(played) : null,
    falsePauses: plan.expects === 'listening' ? played.question.pauses.length : 0,
    heard: turn?.transcript ?? '',
    intent: reply === null ? 'none' : (turn?.intent ?? 'none'),
  };
}

function faultOf(played: PlayedConversation): Fault | null {
  const { plan, question } = played;
  if (!hasGoneOn(played)) return 'not-resumed';
  if (plan.expects === 'interruption' && question.finished?.outcome !== 'stopped') return 'missed-barge-in';
  if (plan.expects === 'listening' && question.finished?.outcome !== 'completed') return 'false-barge-in';
  return answerFaultOf(played);
}

function answerFaultOf({ plan, reply, uttered, turns }: PlayedConversation): Fault | null {
  const last = uttered.at(-1);
  const isComplete = uttered.length === plan.events.length;
  const [turn] = turns;
  if (reply === null || turn === undefined || turn.intent === 'silence' || last === undefined) {
    return 'missed-answer';
  }
  const isEarly = !isComplete || reply.orderedAtMs < last.endMs;
  if (isEarly) return plan.expects === 'listening' ? 'false-answer' : 'cut-in';
  const { intents } = last.event;
  return intents === null || intents.includes(turn.intent) ? null : 'wrong-intent';
}

/** Every pause that did not end in a stop was followed by the rest of the prompt, from the same place. */
function hasGoneOn({ question, plan }: PlayedConversation): boolean {
  const { finished, pauses } = question;
  const promptMs = (plan.prompt.sound.length * 1000) / 8000;
  if (finished?.outcome === 'completed' && finished.positionMs < promptMs - FRAME_MS) return false;
  return pauses.every(
    (pause, index) =>
      pause.resumedPositionMs === pause.positionMs ||
      (pause.resumedAtMs === null && index === pauses.length - 1 && finished?.outcome === 'stopped'),
  );
}

function endOfTurnOf(played: PlayedConversation): number | null {
  const fault = faultOf(played);
  const last = played.uttered.at(-1);
  if (played.reply === null || last === undefined || (fault !== null && fault !== 'wrong-intent'))
    return null;
  return played.reply.orderedAtMs - last.endMs;
}

function bargeInOf({ question, uttered }: PlayedConversation): number | null {
  const onsetMs = uttered[0]?.startMs;
  const pause = question.pauses.find(({ atMs }) => onsetMs !== undefined && atMs >= onsetMs);
  const silentAtMs =
    pause?.atMs ?? (question.finished?.outcome === 'stopped' ? question.finished.atMs : undefined);
  return onsetMs === undefined || silentAtMs === undefined ? null : silentAtMs - onsetMs;
}
