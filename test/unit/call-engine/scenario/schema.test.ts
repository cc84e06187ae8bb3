import { describe, expect, it } from 'vitest';
import { describeFault } from '../../../../src/call-engine/scenario/load.ts';
import { parseScenario } from '../../../../src/call-engine/scenario/schema.ts';
import { asking, DEFAULTS, final, handler, scenarioOf } from '../../../helpers/scenarios.ts';

describe('defaults', () => {
  const scenario = scenarioOf({
    hello: { type: 'audio', audio_path: 'demo/base/a.wav', transitions: { '*': 'h' } },
    h: handler(),
    bye: { ...final('success'), timeout: 5 },
  });

  it('come from the configuration where the file is silent', () => {
    expect(scenario).toMatchObject({
      voice: 'demo',
      theme: 'standard',
      maxAutonomousTurns: 3,
      listenTimeoutMs: 4000,
    });
    expect(scenario.steps.get('hello')).toMatchObject({
      timeoutMs: 4000,
      bargeIn: true,
      isDeterminant: false,
    });
    expect(scenario.steps.get('h')).toMatchObject({
      maxAttempts: 3,
      fallbackStepId: null,
      successStepId: null,
    });
  });

  it('never let a final step listen', () => {
    expect(scenario.steps.get('bye')).toMatchObject({ timeoutMs: 0, bargeIn: false, result: 'success' });
  });
});

it('turns seconds into milliseconds', () => {
  expect(scenarioOf({ a: asking({ '*': 'a' }, { timeout: 2.5 }) }).steps.get('a')).toMatchObject({
    timeoutMs: 2500,
  });
});

it.each<[unknown, string]>([
  [{ a: asking({}, { timeout: 16 }) }, 'step "a", field "timeout": '],
  [{ a: asking({ interested: 'a' }) }, 'step "a", field "transitions'],
  [{ a: asking({}, { barge_inn: true }) }, 'step "a": has unknown fields: barge_inn'],
  [{ a: { type: 'menu' } }, 'step "a", field "type": must have the type "audio" or "objection_handler"'],
  [{ a: { type: 'audio' } }, 'step "a", field "audio_path": '],
  [{ a: { type: 'audio', audio_path: 'a.wav', is_final: true } }, 'step "a", field "result": is missing'],
  [
    { a: asking({}, { audio_path: '../../etc/passwd' }) },
    'step "a", field "audio_path": must be a path below',
  ],
  [{ a: asking({}, { audio_path: '/etc/passwd' }) }, 'step "a", field "audio_path": must be a path below'],
  [{ a: asking({}, { audio_path: 'say:hello' }) }, 'step "a", field "audio_path": must be a path below'],
  [{ a: asking({}, { audio_path: '{x=1}a.wav' }) }, 'step "a", field "audio_path": must be a path below'],
  [{ a: asking({}, { audio_path: 'a b.wav' }) }, 'step "a", field "audio_path": must be a path below'],
  [{ a: handler({ max_attempts: 0 }) }, 'step "a", field "max_attempts": '],
  [{ '1a': asking({}) }, 'step "1a": must be a step name'],
  [{}, 'field "steps": must name at least one step'],
  ['x', 'field "steps": '],
])('names step and field of the fault in %j', (steps, expected) => {
  const parsed = parseScenario('x', { name: 'X', steps }, DEFAULTS);
  expect(parsed.ok ? [] : parsed.faults.map(describeFault)).toContainEqual(expect.stringContaining(expected));
});

it.each([
  [{ voice: '../x' }, 'field "voice"'],
  [{ max_autonomous_turns: 6 }, 'field "max_autonomous_turns"'],
  [{ start: 'nowhere' }, 'field "start": names no step'],
  [{ start: 'constructor' }, 'field "start": names no step'],
  [{ name: '' }, 'field "name"'],
  [{ voicemail: { action: 'sing' } }, 'field "voicemail.action": must have the action "hang_up" or'],
  [{ voicemail: { action: 'leave_message' } }, 'field "voicemail.audio_path"'],
])('names the field of the fault in %j', (rest, expected) => {
  const parsed = parseScenario('x', { name: 'X', steps: { a: final('success') }, ...rest }, DEFAULTS);
  expect(parsed.ok ? [] : parsed.faults.map(describeFault)).toContainEqual(expect.stringContaining(expected));
});

it('reports all faults at once', () => {
  const parsed = parseScenario(
    'x',
    { steps: { a: asking({}, { timeout: -1 }), b: { type: 'audio' } } },
    DEFAULTS,
  );
  expect(parsed.ok ? [] : parsed.faults).toHaveLength(3);
});

it('hangs up on machines unless there is a message for them', () => {
  const message = { action: 'leave_message', audio_path: 'demo/base/message.wav', text: 'Bonjour.' };
  expect(scenarioOf({ a: final('success') }).voicemailMessage).toBeNull();
  expect(
    scenarioOf({ a: final('success') }, { voicemail: { action: 'hang_up' } }).voicemailMessage,
  ).toBeNull();
  expect(scenarioOf({ a: final('success') }, { voicemail: message }).voicemailMessage).toEqual({
    audioPath: 'demo/base/message.wav',
    text: 'Bonjour.',
  });
});
