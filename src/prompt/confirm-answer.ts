import type { EventFeed } from '../activity/event-feed.ts';
import { foldEvent, type OpenFacts } from '../activity/fold-events.ts';
import { matches } from '../activity/patterns.ts';
import type { ShownQuestion } from '../activity/read-question.ts';
import type { AgentEvent, Pattern } from '../agents/types.ts';
import type { AnswerResult } from './answer-outcome.ts';
import { giveAnswer } from './give-answer.ts';
import { type DeliveryTools, LOOK_EVERY_MS } from './recipient.ts';
import { type Asker, type AskingSight, seeQuestion } from './see-question.ts';

/** How long the question must be seen gone. */
const GONE_MS = 300;
/** How long a single key is given to answer the question. */
const KEY_MS = 1500;

/**
 * Waits until the question that was answered is gone, or another one stands in its place. `follows`: the page that only
 * confirms this answer, which is consented to.
 */
export async function confirmAnswer(
  asker: Asker,
  before: AskingSight,
  context: { readonly feed: EventFeed; readonly facts: OpenFacts; readonly follows: Pattern | undefined },
  tools: DeliveryTools,
  limits: { readonly timeoutMs: number; readonly key: boolean },
): Promise<AnswerResult> {
  const { clock } = tools;
  const deadline = clock.now() + (limits.key ? KEY_MS : limits.timeoutMs);
  const events: AgentEvent[] = [];
  let { facts, follows } = context;
  let goneSince: number | undefined;
  let detail = '';
  for (;;) {
    const fresh = await context.feed.readNew();
    facts = fresh.reduce(foldEvent, facts);
    events.push(...fresh);
    const sight = await seeQuestion(asker, facts, tools);
    const proof = events.some(tellsOfAnswer) ? 'agent' : 'screen';
    if (sight.seen === 'dead') {
      return {
        outcome: 'answered',
        proof: 'screen',
        detail: `the agent exited (${sight.exit ?? 'code unknown'})`,
      };
    }
    if (sight.seen === 'gone') return { outcome: 'answered', proof: 'screen', detail: 'its pane is gone' };
    const now = clock.now();
    if (sight.seen === 'nothing') {
      goneSince ??= now;
      if (now - goneSince >= GONE_MS) return { outcome: 'answered', proof, detail };
    } else if (matches(follows, sight.screen)) {
      const yes = sight.shown.options.findIndex(({ means }) => means === 'yes');
      detail = sight.shown.words.map((line) => line.replace(/[│┃]/gu, ' ').trim()).join(' ');
      follows = undefined;
      const plan =
        yes >= 0 ? ({ how: 'choose', option: yes } as const) : ({ how: 'key', key: 'Enter' } as const);
      await giveAnswer(asker, sight, plan, facts, tools);
    } else {
      goneSince = undefined;
      const replaced = !isConfirmation(asker, sight) && isAnother(before, sight, events);
      if (replaced) return { outcome: 'answered', proof, detail, next: sight.question };
    }
    if (now >= deadline) {
      const next = sight.seen === 'question' ? { next: sight.question } : {};
      if (limits.key)
        return { outcome: 'pressed', proof: 'screen', detail: 'the question still stands', ...next };
      return { outcome: 'unconfirmed', proof: 'none', detail: 'the question still stands', ...next };
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
}

function tellsOfAnswer({ kind }: AgentEvent): boolean {
  return kind === 'answered' || kind === 'tool-end' || kind === 'turn-end' || kind === 'tool';
}

/** One of the same words is another when the agent says that it took an answer and asks anew. */
function isAnother(before: AskingSight, now: AskingSight, events: readonly AgentEvent[]): boolean {
  const one = printOf(before.shown);
  if (one !== printOf(now.shown)) return true;
  const answered = events.findIndex(tellsOfAnswer);
  return answered >= 0 && events.slice(answered).some(({ kind }) => kind === 'ask');
}

/** Labels may change while the user's words are typed behind one; a box that is ticked is an answer. */
function printOf({ title, what, options }: ShownQuestion): string {
  const boxes = options.map(({ label }) => /^(?:\[.\]|[☐☑☒✔])/u.exec(label)?.[0] ?? '');
  return [title, what, ...boxes].join('\n');
}

function isConfirmation({ type }: Asker, { screen }: AskingSight): boolean {
  const pattern = type.signs?.answers?.confirms;
  return pattern !== undefined && matches(pattern, screen);
}
