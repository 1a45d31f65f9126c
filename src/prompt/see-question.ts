import { EventFeed } from '../activity/event-feed.ts';
import { foldEvent, NO_FACTS, type OpenFacts } from '../activity/fold-events.ts';
import { lookAtPane } from '../activity/look.ts';
import { isAbout, isSameId, joinId, nameQuestion } from '../activity/merge-question.ts';
import { readQuestion, type ShownQuestion, tellQuestion } from '../activity/read-question.ts';
import type { Question } from '../activity/types.ts';
import { type DeliveryTools, LOOK_EVERY_MS, type Recipient } from './recipient.ts';

/** An agent whose question may be answered, and the run that asks. */
export interface Asker extends Recipient {
  readonly run: string;
  /** The name under which the question that was last seen is known. */
  readonly known?: string | undefined;
}

/** A question that stands on a pane's screen. */
export interface AskingSight {
  readonly seen: 'question';
  readonly shown: ShownQuestion;
  /** The same as `status` tells it, with the name it has there. */
  readonly question: Question & { readonly id: string };
  readonly screen: string;
  /** Keys to this pane would go to others as well, or nowhere. */
  readonly deaf: boolean;
}

/** One look at a pane for its question. */
export type QuestionSight =
  | { readonly seen: 'gone' }
  | { readonly seen: 'nothing'; readonly screen: string }
  | { readonly seen: 'dead'; readonly exit: number | null }
  | AskingSight;

/** How long a question that was reported may take to be drawn. */
const DRAW_MS = 5000;

/** Looks once. `facts`: what the reports have opened, for the question's name and words. */
export async function seeQuestion(
  { pane, type, known }: Recipient & Pick<Asker, 'known'>,
  facts: OpenFacts,
  { tmux }: Pick<DeliveryTools, 'tmux'>,
): Promise<QuestionSight> {
  const look = await lookAtPane(tmux, pane);
  if (!look) return { seen: 'gone' };
  if (look.dead) return { seen: 'dead', exit: look.exit };
  const shown = readQuestion(type.signs, look.screen, look.styled);
  if (!shown) return { seen: 'nothing', screen: look.screen };
  const reported = facts.question && isAbout(facts.question.what, shown.what) ? facts.question : undefined;
  const told = tellQuestion(shown);
  const question = {
    ...told,
    ...(reported && nameQuestion(reported, shown)),
    id: reported
      ? joinId(shown.id, { reportedAt: reported.at })
      : isSameId(shown.id, known ?? '')
        ? (known ?? '')
        : shown.id,
  };
  return { seen: 'question', shown, question, screen: look.screen, deaf: look.inputOff || look.synchronized };
}

/** The question that stands; one that was just reported is given time to be drawn. */
export async function awaitQuestion(
  recipient: Recipient & Pick<Asker, 'known'>,
  tools: DeliveryTools,
): Promise<{ readonly sight: QuestionSight; readonly facts: OpenFacts; readonly feed: EventFeed }> {
  const { clock } = tools;
  const feed = await EventFeed.openAtEnd(recipient.reports, recipient.type);
  let facts = (await feed.readBefore()).reduce(foldEvent, NO_FACTS);
  for (;;) {
    facts = (await feed.readNew()).reduce(foldEvent, facts);
    const sight = await seeQuestion(recipient, facts, tools);
    const reportedAt = facts.question?.at ?? 0;
    if (sight.seen !== 'nothing' || clock.now() >= reportedAt + DRAW_MS) return { sight, facts, feed };
    await clock.sleep(LOOK_EVERY_MS);
  }
}
