import pc from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { en } from '../../../../src/cli/messages/en.ts';
import { fr } from '../../../../src/cli/messages/fr.ts';
import { renderScreen } from '../../../../src/cli/monitor/screen.ts';
import type { MonitorView } from '../../../../src/cli/monitor/view.ts';
import { campaign, liveCall, minutesAgo, NOW, view } from './fixture.ts';

const PLAIN = { messages: en, colors: pc.createColors(false) };
const COLOURED = { messages: en, colors: pc.createColors(true) };

const drawn = (seen: MonitorView, width: number, height: number, drawing = PLAIN): string =>
  renderScreen(seen, { width, height }, drawing).join('\n');

describe('the screen', () => {
  it('fits 80×24, two boxes next to each other', () => {
    // The clock is this machine's: its figures are left out.
    const picture = drawn(view(), 80, 23)
      .replace(/\d\d:\d\d(?!:)(?=\)| )/g, 'HH:MM')
      .replace(/\d\d:\d\d:\d\d$/m, 'HH:MM:SS');
    expect(picture).toMatchInlineSnapshot(`
      "MiniBotPanel (1) Or janvier                          running  00:HH:MM  HH:MM:SS
      ┌─ Progress ───────────────────────────────────────────────────────────────────┐
      │ [████████████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░] 32/50 (64%) │
      └──────────────────────────────────────────────────────────────────────────────┘
      ┌─ Call Stats ───────────────────┐ ┌─ Results ─────────────────────────────────┐
      │ Calls made       39            │ │ not_interested     12 (40%)      ████████ │
      │ Active           3             │ │ success            12 (40%)      ████████ │
      │ Contacts done    32            │ │ no_answer          3 (10%)       ██       │
      │ Failed           1             │ │ answering_machine  2 (6%)        █        │
      │ Avg duration     2m 34s        │ │ failed             1 (3%)        █        │
      │ Rate             120 calls/h   │ │ not called: no consent 2                  │
      │ Finished about   HH:MM         │ │                                           │
      │ Retries planned  2 (HH:MM)     │ │                                           │
      └────────────────────────────────┘ └───────────────────────────────────────────┘
      ┌─ Latencies, p95 of the last calls / target ──────────────────────────────────┐
      │ barge_in 63/150 ✔  asr 265/400 ✔  intent 5/600 ✔  total 1,200/1,000 ✘        │
      └──────────────────────────────────────────────────────────────────────────────┘
      ┌─ Live Calls (3) ─────────────────────────────────────────────────────────────┐
      │ 8402c4b0  +336399••••00  pitch                 0:45  “oui allez-y”           │
      │ 8402c4b1  +336399••••01  pitch                 0:45  “oui allez-y”           │
      │ 8402c4b2  +336399••••02  pitch                 0:45  “oui allez-y”           │
      └──────────────────────────────────────────────────────────────────────────────┘
      p pause   l live calls   q quit"
    `);
  });

  it('has a title, every result and every call where there is room', () => {
    const calls = Array.from({ length: 12 }, (_, n) => liveCall(n));
    const picture = drawn(view({}, { liveCalls: calls, active: 12 }), 132, 43);
    expect(picture).toMatch(/^╔═+╗\n║ +MiniBotPanel – Campaign Monitor \(1\) Or janvier +║/);
    expect(picture.match(/\+336399••••/g)).toHaveLength(12);
    expect(picture).toContain('not called: no consent 2');
  });

  it('keeps to narrow and low terminals, and says what is left out', () => {
    const picture = drawn(view(), 60, 19);
    expect(picture).toContain('32/50 (64%)');
    expect(picture).toMatch(/Calls made +39 +Avg duration +2m 34s/);
    expect(picture).toMatch(/… \d more/);
    expect(picture).toContain('… and 2 more');
  });

  it('never is wider or higher than the terminal', () => {
    const notices = { heldBack: 'a reason that is far too long for any line of any terminal '.repeat(5) };
    const seen = view({ awaySince: NOW }, { campaign: campaign(notices), waitingForLine: 3 });
    for (let width = 20; width <= 160; width += 20) {
      for (let height = 3; height <= 50; height += 8) {
        const lines = renderScreen(seen, { width, height }, COLOURED);
        expect(lines.length, `${width}×${height}`).toBeLessThanOrEqual(height);
        for (const line of lines)
          expect(stringWidth(line), `${width}×${height}: ${line}`).toBeLessThanOrEqual(width);
      }
    }
  });

  it('masks numbers, and lets no text of others move the cursor', () => {
    const calls = [liveCall(7, { lastHeard: 'oui\u001b[2J', currentStep: 'a\u001b[31m' })];
    const seen = view(
      {},
      { liveCalls: calls, byResult: { 'x\u001b]0;y': 1 }, campaign: campaign({ name: 'N\u001b[5m' }) },
    );
    const picture = drawn(seen, 132, 43);
    expect(picture).not.toContain('\u001b');
    expect(picture).not.toContain('+33639980007');
    expect(picture).toContain('+336399••••07');
  });

  it('says why nobody is called, and since when the database is away', () => {
    expect(drawn(view({}, { campaign: campaign({ status: 'paused' }) }), 80, 23)).toContain('! Paused');
    expect(drawn(view({ awaySince: NOW }), 80, 23)).toContain('! The database does not answer since');
    const quiet = { active: 0, liveCalls: [], recent: [{ endedAt: minutesAgo(9), durationMs: null }] };
    expect(drawn(view({}, quiet), 100, 23)).toContain('is a worker running (minibot worker)?');
  });

  it('offers the key that fits, or asks its question in their place', () => {
    expect(drawn(view(), 80, 23)).toMatch(/p pause {3}l live calls {3}q quit$/);
    expect(drawn(view({}, { campaign: campaign({ status: 'paused' }) }), 80, 23)).toContain('r resume');
    expect(drawn(view({ message: 'Sure?' }), 80, 23)).toMatch(/Sure\?$/);
    expect(drawn(view({ hasKeys: false }), 80, 23)).not.toContain('q quit');
  });

  it('speaks French', () => {
    const picture = drawn(view(), 80, 23, { ...PLAIN, messages: fr });
    expect(picture).toContain('Appels passés');
    expect(picture).toContain('non appelé : pas de consentement 2');
  });
});
