import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseScreen } from '../../../src/activity/normalise-screen.ts';
import { readScreen } from '../../../src/activity/read-screen.ts';
import { initialMemory, stepActivity } from '../../../src/activity/step-activity.ts';
import type { AgentEvent } from '../../../src/agents/types.ts';
import { loadRecordings, SIGNS } from './recordings.ts';

const types = Object.entries(SIGNS);
const lines = loadRecordings().flatMap(([, { frames }]) =>
  frames.slice(-1).flatMap(({ screen }) => screen.split('\n')),
);

const shuffled = fc.array(fc.constantFrom(...lines), { maxLength: 50 }).map((picked) => picked.join('\n'));
const screens = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme' }),
  shuffled,
);
const strings = fc.string({ maxLength: 30 });
const long = fc.string({ unit: 'binary', minLength: 300, maxLength: 1000 });
const events: fc.Arbitrary<AgentEvent> = fc.oneof(
  ...(['ready', 'busy', 'answered', 'end'] as const).map((kind) =>
    fc.record({ kind: fc.constant(kind), at: fc.nat() }),
  ),
  fc.record({ kind: fc.constant('prompt' as const), at: fc.nat(), text: strings }),
  fc.record({
    kind: fc.constant('tool' as const),
    at: fc.nat(),
    name: strings,
    input: long,
  }),
  fc.record({ kind: fc.constant('tool-end' as const), at: fc.nat(), name: strings }),
  fc.record({ kind: fc.constant('turn-end' as const), at: fc.nat(), message: strings }),
  fc.record({ kind: fc.constant('error' as const), at: fc.nat(), message: strings, retrying: fc.boolean() }),
  fc.record({
    kind: fc.constant('ask' as const),
    at: fc.nat(),
    question: fc.constantFrom('approval' as const, 'choice' as const),
    what: long,
  }),
);
const observations = fc.record({
  at: fc.nat(),
  screen: screens,
  title: strings,
  size: fc.constantFrom('80x24', '40x12'),
  dead: fc.boolean(),
  exit: fc.option(fc.nat(255)),
  events: fc.array(events, { maxLength: 8 }),
});

describe.each(types)('whatever stands on the screen of %s', (_, signs) => {
  test('reading it never throws', () => {
    fc.assert(
      fc.property(screens, strings, fc.nat(50), (screen, title, at) => {
        const reading = readScreen(signs, screen, title, { cursor: { x: at, y: at }, styled: screen });
        expect(reading.dialog === undefined || reading.composer === undefined).toBe(true);
        normaliseScreen(signs, screen);
      }),
    );
  });

  test('stepping never throws, times never run ahead, the memory stays small', () => {
    fc.assert(
      fc.property(fc.array(observations, { maxLength: 6 }), fc.boolean(), (looks, known) => {
        let memory = initialMemory(0);
        for (const look of looks) {
          const step = stepActivity(memory, look, { signs: known ? signs : undefined });
          expect(step.verdict.since).toBeLessThanOrEqual(Math.max(look.at, step.memory.verdict?.since ?? 0));
          expect(step.verdict.state).toBe(look.dead ? 'EXITED' : step.verdict.state);
          const stored = JSON.stringify(step.memory);
          expect(Buffer.byteLength(stored)).toBeLessThan(6144);
          memory = JSON.parse(stored);
        }
      }),
    );
  });

  test('the same look twice, JSON between, gives the same state', () => {
    fc.assert(
      fc.property(observations, (look) => {
        const once = stepActivity(initialMemory(0), look, { signs });
        const again = stepActivity(JSON.parse(JSON.stringify(initialMemory(0))), look, { signs });
        expect(again).toEqual(once);
      }),
    );
  });
});
