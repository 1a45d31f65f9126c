import type { OpenFacts } from '../activity/fold-events.ts';
import type { ShownQuestion } from '../activity/read-question.ts';
import type { AnswerPlan } from './plan-answer.ts';
import { pressGuarded } from './press-guarded.ts';
import { type DeliveryTools, LOOK_EVERY_MS } from './recipient.ts';
import { type Asker, type AskingSight, seeQuestion } from './see-question.ts';

/** `stuck`: the screen did not follow; `changed`: another question, or none, stands there. */
export type Given = 'given' | 'changed' | 'stuck' | 'dead' | 'gone';

type Loss = Exclude<Given, 'given'>;

/** How long a menu or a field may take to follow a key. */
const FOLLOW_MS = 4000;
const MAX_STEPS = 60;
const KNOWN_CHARACTERS = 16;

/** Gives an answer to the question that was seen: every key only while that question stands. */
export async function giveAnswer(
  asker: Asker,
  sight: AskingSight,
  plan: AnswerPlan,
  facts: OpenFacts,
  tools: DeliveryTools,
): Promise<Given> {
  const hands = new Hands(asker, sight, facts, tools);
  switch (plan.how) {
    case 'key':
      return toGiven(
        await hands.press([plan.key], [...sight.shown.words, ...sight.shown.rows.map(stripMark)]),
      );
    case 'type':
      return hands.typeAndEnter(plan.text);
    case 'choose': {
      const moved = await hands.moveTo(plan.option);
      if (typeof moved === 'string') return moved;
      if (plan.text === undefined) return toGiven(await hands.press(['Enter'], guardChoice(moved.shown)));
      const key = plan.openKey ?? asker.type.signs?.answers?.own?.key;
      const opened = key === undefined ? undefined : await hands.open(key, moved);
      return opened ?? hands.typeAndEnter(plan.text);
    }
  }
}

/** The keys of one answer, each pressed only while the question it is for stands. */
class Hands {
  readonly #asker: Asker;
  readonly #sight: AskingSight;
  readonly #facts: OpenFacts;
  readonly #tools: DeliveryTools;

  constructor(asker: Asker, sight: AskingSight, facts: OpenFacts, tools: DeliveryTools) {
    this.#asker = asker;
    this.#sight = sight;
    this.#facts = facts;
    this.#tools = tools;
  }

  press(keys: readonly string[], lines: readonly string[]) {
    return pressGuarded(this.#tools.tmux, { ...this.#asker, lines }, { keys });
  }

  /** Moves the marker to an option, step by step, each step seen. */
  async moveTo(option: number): Promise<AskingSight | Loss> {
    const target = this.#sight.shown.options[option]?.key;
    let sight: AskingSight = this.#sight;
    for (let step = 0; step < MAX_STEPS; step++) {
      const { options, shape, words } = sight.shown;
      const at = options.findIndex(({ selected }) => selected);
      const to = options.findIndex(({ key }) => key === target);
      if (at < 0 || to < 0) return 'stuck';
      if (at === to) return sight;
      const keys = shape === 'row' ? (['Left', 'Right'] as const) : (['Up', 'Down'] as const);
      const pressed = await this.press([to > at ? keys[1] : keys[0]], words);
      if (pressed !== 'pressed') return pressed;
      const from = options[at]?.key;
      const next = await this.#follow((now) =>
        now.shown.options.some(({ key, selected }) => selected && key !== from),
      );
      if (typeof next === 'string') return next;
      sight = next;
    }
    return 'stuck';
  }

  /** Opens the field for the user's words; undefined: it is open. */
  async open(key: string, before: AskingSight): Promise<Loss | undefined> {
    const pressed = await this.press([key], guardChoice(before.shown));
    if (pressed !== 'pressed') return pressed;
    const opened = await this.#follow((now) => now.screen !== before.screen);
    return typeof opened === 'string' ? opened : undefined;
  }

  /** Types words, sees them on the screen below the question's own, and sends them. */
  async typeAndEnter(text: string): Promise<Given> {
    const { tmux, clock } = this.#tools;
    const { words } = this.#sight.shown;
    const known = squeeze(text).slice(0, KNOWN_CHARACTERS);
    const count = (screen: string): number => squeeze(screen).split(known).length;
    const before = await this.#follow(() => true);
    if (typeof before === 'string') return before;
    const typed = await pressGuarded(tmux, { ...this.#asker, lines: words }, { text });
    if (typed !== 'pressed') return typed;
    const deadline = clock.now() + FOLLOW_MS;
    for (;;) {
      const now = await seeQuestion(this.#asker, this.#facts, this.#tools);
      if (now.seen === 'gone' || now.seen === 'dead') return now.seen;
      if (count(now.screen) > count(before.screen)) return toGiven(await this.press(['Enter'], words));
      if (clock.now() >= deadline) return 'stuck';
      await clock.sleep(LOOK_EVERY_MS);
    }
  }

  /** Looks until the question shows what is expected of it. */
  async #follow(expected: (sight: AskingSight) => boolean): Promise<AskingSight | Loss> {
    const { clock } = this.#tools;
    const deadline = clock.now() + FOLLOW_MS;
    for (;;) {
      const sight = await seeQuestion(this.#asker, this.#facts, this.#tools);
      if (sight.seen === 'gone' || sight.seen === 'dead') return sight.seen;
      if (sight.seen === 'question') {
        if (!isStillAsked(this.#sight.shown, sight.shown)) return 'changed';
        if (expected(sight)) return sight;
      }
      if (clock.now() >= deadline) return sight.seen === 'question' ? 'stuck' : 'changed';
      await clock.sleep(LOOK_EVERY_MS);
    }
  }
}

/** Whether it is the same question, wherever its marker stands and whichever of its options are scrolled to. */
function isStillAsked(before: ShownQuestion, now: ShownQuestion): boolean {
  return before.title === now.title && before.what === now.what && before.shape === now.shape;
}

/** What must stand there when the chosen option is taken: its words, and the marked line where a marker is drawn. */
function guardChoice({ words, rows, options }: ShownQuestion): readonly string[] {
  const at = options.findIndex(({ selected }) => selected);
  return [...words, rows[at] ?? ''];
}

/** A row of an option wherever the marker stands. */
function stripMark(row: string): string {
  return row.replace(/^[^\p{L}\p{N}[(]+/u, '');
}

function toGiven(pressed: 'pressed' | 'changed' | 'dead' | 'gone'): Given {
  return pressed === 'pressed' ? 'given' : pressed;
}

function squeeze(text: string): string {
  return text.replace(/[\s│┃]+/gu, '');
}
