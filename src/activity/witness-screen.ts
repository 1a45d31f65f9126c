import { closeFacts, hasOpenFacts, type OpenFacts } from './fold-events.ts';
import type { ActivityMemory, MovingSign } from './memory.ts';
import { fingerprint } from './normalise-screen.ts';
import type { Observation, ScreenReading } from './types.ts';

/** An empty composer at rest in two looks this far apart closes what reports had opened (ms). */
const REST_EMPTY = 1_000;
/** The same with text in it and no title that says it rests: a prompt may be on its way (ms). */
const REST_WITH_TEXT = 5_000;
/** A reported question may be older than its dialog by this much (ms). */
const DIALOG_LAG = 2_000;
/** A moving sign that was the same in this many looks over this time is quoted text (ms). */
const STANDS_STILL_LOOKS = 4;
const STANDS_STILL_FOR = 4_000;

/** Lets the screen close what reports had opened: an answered question, a turn whose end was not reported. */
export function closeBySight(memory: ActivityMemory, at: number, reading: ScreenReading): ActivityMemory {
  const question = memory.facts.question;
  if (reading.dialog !== undefined) {
    const facts =
      question === undefined ? memory.facts : { ...memory.facts, question: { ...question, seen: true } };
    return { ...memory, facts, restSince: undefined };
  }
  const resting = reading.composer !== undefined && reading.busy === undefined;
  const empty = resting && reading.composer.text === '' && reading.composer.mode === 'prompt';
  const restSince = resting ? (memory.restSince ?? at) : undefined;
  const facts = dropAnswered(memory.facts, at, empty || reading.busy !== undefined);
  const rested = restSince === undefined ? 0 : at - restSince;
  const over =
    resting && rested >= (empty || reading.rests ? REST_EMPTY : REST_WITH_TEXT) && hasOpenFacts(facts);
  return { ...memory, restSince, facts: over ? closeFacts(facts, at) : facts };
}

function dropAnswered(facts: OpenFacts, at: number, dialogGone: boolean): OpenFacts {
  const question = facts.question;
  if (question === undefined || !dialogGone) return facts;
  return question.seen || at - question.at > DIALOG_LAG ? { ...facts, question: undefined } : facts;
}

/** The reading without a busy sign that only quotes one, and what to remember of it. */
export function doubtStillSign(
  memory: ActivityMemory,
  observation: Observation,
  reading: ScreenReading,
): { readonly moving: MovingSign | undefined; readonly reading: ScreenReading } {
  // A dialog or a transcript hides it: it may stand there as before behind it.
  if (!reading.busyMoves) return { moving: reading.composer ? undefined : memory.moving, reading };
  const moving = followSign(
    memory.moving,
    fingerprint(reading.evidence.retrying ?? reading.evidence.busy ?? ''),
    observation.at,
  );
  const still = moving.same >= STANDS_STILL_LOOKS && observation.at - moving.since >= STANDS_STILL_FOR;
  const quoted = memory.facts.turn === 'over' ? !moving.moved : still && memory.facts.turn === undefined;
  return { moving, reading: quoted ? { ...reading, busy: undefined, retrying: undefined } : reading };
}

function followSign(before: MovingSign | undefined, print: string, at: number): MovingSign {
  if (before === undefined) return { print, since: at, same: 0, moved: false };
  if (before.print === print) return { ...before, same: before.same + 1 };
  return { print, since: at, same: 0, moved: true };
}
