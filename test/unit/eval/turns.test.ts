import { rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CLIPS_FOLDER } from '../../../eval/turns/clips.ts';
import { planConversations, type PlannedConversation } from '../../../eval/turns/conversations.ts';
import { openEngine } from '../../../eval/turns/engine.ts';
import { judge } from '../../../eval/turns/judge.ts';
import { readConversations } from '../../../eval/turns/own-conversations.ts';
import { playConversation, type PlayedConversation } from '../../../eval/turns/play.ts';
import { scoreTurns } from '../../../eval/turns/scores.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const scored = planConversations('scored');

function plannedAs(kind: string): PlannedConversation {
  const plan = scored.find((each) => each.kind === kind);
  if (plan === undefined) throw new Error(`no conversation of kind ${kind}`);
  return plan;
}

/** A conversation in which everything went as it should; the bot's question lasts 8 s. */
function played(kind: string, change: Partial<PlayedConversation> = {}): PlayedConversation {
  const plan = plannedAs(kind);
  const promptMs = (plan.prompt.sound.length * 1000) / 8000;
  const words = plan.events.map((event, index) => ({
    event,
    startMs: 10_000 + index * 1000,
    endMs: 10_400 + index * 1000,
  }));
  const endMs = words.at(-1)?.endMs ?? 0;
  return {
    plan,
    uttered: words,
    question: {
      audioPath: 'question.wav',
      orderedAtMs: 0,
      startedAtMs: 40,
      pauses: [],
      finished: { atMs: 9000, outcome: 'completed', positionMs: promptMs },
    },
    reply: {
      audioPath: 'reply.wav',
      orderedAtMs: endMs + 480,
      startedAtMs: null,
      pauses: [],
      finished: null,
    },
    turns: [
      {
        turnNumber: 1,
        step: 'ask',
        transcript: 'oui',
        asrConfidence: 1,
        intent: plan.events.at(-1)?.intents?.[0] ?? 'affirm',
        intentConfidence: 1,
        processingMethod: 'local',
        bargeIn: false,
        speechNumber: null,
        objectionId: null,
        nextStep: 'reply',
        latencies: {
          bargeInMs: null,
          asrMs: null,
          intentMs: null,
          totalMs: null,
          endpointingMs: null,
          responseMs: null,
        },
      },
    ],
    ...change,
  };
}

describe('the conversations of eval turns', () => {
  it('are the same each time, and no clip is in both parts', () => {
    const again = planConversations('scored');
    expect(again.map(({ id, kind }) => [id, kind])).toEqual(scored.map(({ id, kind }) => [id, kind]));
    expect(again[7]?.events[0]?.sound).toEqual(scored[7]?.events[0]?.sound);
    const developed = new Set(planConversations('dev').map(({ prompt }) => prompt.name));
    expect(scored.filter(({ prompt }) => developed.has(prompt.name))).toEqual([]);
  });

  it('speak often enough for the bars', () => {
    expect(scored.filter(({ expects }) => expects !== 'listening').length).toBeGreaterThan(150);
    expect(scored.filter(({ expects }) => expects === 'listening').length).toBeGreaterThan(150);
  });
});

describe('judge', () => {
  it('finds nothing wrong with a turn taken in time', () => {
    expect(judge(played('short answer'))).toMatchObject({ fault: null, endOfTurnMs: 480, falsePauses: 0 });
  });

  it('sees a bot that speaks into a pause', () => {
    const { uttered } = played('pause inside');
    const reply = { audioPath: 'reply.wav', startedAtMs: null, pauses: [], finished: null };
    expect(judge(played('pause inside', { uttered: uttered.slice(0, 1) })).fault).toBe('cut-in');
    expect(judge(played('pause inside', { reply: { ...reply, orderedAtMs: 10_900 } })).fault).toBe('cut-in');
  });

  it('sees a prompt that did not give way, and how long one took that did', () => {
    expect(judge(played('interrupts')).fault).toBe('missed-barge-in');
    const { question } = played('interrupts');
    const stopped = judge(
      played('interrupts', {
        question: {
          ...question,
          pauses: [{ atMs: 10_110, positionMs: 3000, resumedAtMs: null, resumedPositionMs: null }],
          finished: { atMs: 10_600, outcome: 'stopped', positionMs: 3000 },
        },
      }),
    );
    expect(stopped).toMatchObject({ fault: null, bargeInMs: 110 });
  });

  it('sees a prompt that gave way to noise, and one that did not go on where it had stopped', () => {
    const { question } = played('cough');
    const finished = { atMs: 5000, outcome: 'stopped', positionMs: 4000 } as const;
    expect(judge(played('cough', { question: { ...question, finished } })).fault).toBe('false-barge-in');
    const pauses = [{ atMs: 4000, positionMs: 3900, resumedAtMs: 4400, resumedPositionMs: 0 }];
    expect(judge(played('cough', { question: { ...question, pauses } }))).toMatchObject({
      fault: 'not-resumed',
      falsePauses: 1,
    });
  });

  it('sees an answer that was not noticed, one that nobody gave, and one that was misunderstood', () => {
    expect(judge(played('cough', { reply: null })).fault).toBe('missed-answer');
    expect(judge(played('cough', { uttered: played('cough').uttered.slice(0, 1) })).fault).toBe(
      'false-answer',
    );
    const [turn] = played('short answer').turns;
    if (turn === undefined) throw new Error('no turn');
    expect(judge(played('short answer', { turns: [{ ...turn, intent: 'machine' }] })).fault).toBe(
      'wrong-intent',
    );
  });
});

describe('scoreTurns', () => {
  it('holds the figures against the bars', () => {
    const scores = scoreTurns([
      judge(played('short answer')),
      judge(played('pause inside', { uttered: played('pause inside').uttered.slice(0, 1) })),
    ]);
    expect(scores).toMatchObject({ turns: 2, accuracy: 0.5, cutIns: { count: 1, share: 0.5 } });
    expect(scores.cutInsInPauses).toEqual({ count: 1, share: 1 });
    expect(scores.bars.map(({ name, isMet }) => [name, isMet])).toEqual([
      ['end of turn, p50', true],
      ['cut-ins', false],
      ['barge-in, p95', false],
      ['false barge-ins', false],
    ]);
  });
});

describe('playConversation', () => {
  it('plays through detector, recogniser and scenario in audio time, the same each time', async () => {
    const engine = await openEngine(ROOT);
    try {
      const answer = await playConversation(engine, plannedAs('short answer'));
      expect(judge(answer)).toMatchObject({ fault: null, heard: 'oui', intent: 'affirm' });
      const backchannel = judge(await playConversation(engine, plannedAs('backchannel')));
      expect(backchannel).toMatchObject({ fault: null, falsePauses: 1 });
      const interrupted = await playConversation(engine, plannedAs('interrupts'));
      expect(judge(interrupted).bargeInMs).toBeLessThan(200);
      expect(interrupted.turns[0]).toMatchObject({ bargeIn: true });
      const again = await playConversation(engine, plannedAs('interrupts'));
      expect({ ...again, plan: null }).toEqual({ ...interrupted, plan: null });
    } finally {
      await engine.close();
    }
  });
});

describe('readConversations', () => {
  const folder = mkdtemp(path.join(tmpdir(), 'turns-'));
  afterAll(async () => rm(await folder, { recursive: true, force: true }));

  const write = async (cells: string[]): Promise<string> => {
    const file = path.join(await folder, 'own.tsv');
    await writeFile(file, `prompt\ttext\tline\texpects\tintents\n${cells.join('\t')}\n`);
    return file;
  };
  const wav = (name: string) => path.join(CLIPS_FOLDER, `${name}.wav`);

  it('reads who says what when', async () => {
    const line = `${wav('dev-m7-oui')}@end+400 !${wav('dev-m7-euh')}@+600 ${wav('dev-m7-mardi')}@3500`;
    const file = await write([wav('bot-quel-jour'), 'Quel jour ?', line, 'answer', 'affirm, question']);
    const [plan] = await readConversations(file);
    expect(plan).toMatchObject({ id: '2', kind: 'answer', expects: 'answer' });
    expect(plan?.events.map(({ after, ms, isSpeech }) => [after, ms, isSpeech])).toEqual([
      ['prompt-end', 400, true],
      ['previous', 600, false],
      ['prompt', 3500, true],
    ]);
    expect(plan?.events[0]?.intents).toEqual(['affirm', 'question']);
  });

  it.each([
    ['a moment that is none', [wav('bot-quel-jour'), 'x', `${wav('dev-m7-oui')}@fin`, 'answer', '']],
    ['a file that is not there', [wav('bot-quel-jour'), 'x', 'gone.wav@end+1', 'answer', '']],
    ['an unknown expectation', [wav('bot-quel-jour'), 'x', `${wav('dev-m7-oui')}@1`, 'perhaps', '']],
    ['an unknown intent', [wav('bot-quel-jour'), 'x', `${wav('dev-m7-oui')}@1`, 'answer', 'oui']],
    ['nothing said', [wav('bot-quel-jour'), 'x', '', 'answer', '']],
  ])('refuses %s and names the line', async (_what, cells) => {
    await expect(readConversations(await write(cells))).rejects.toThrow(/line 2/);
  });
});
