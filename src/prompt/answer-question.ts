import { isSameId } from '../activity/merge-question.ts';
import type { Pattern } from '../agents/types.ts';
import { type AnswerResult, refuseAnswer } from './answer-outcome.ts';
import { confirmAnswer } from './confirm-answer.ts';
import { giveAnswer } from './give-answer.ts';
import { lockPane, unlockPane } from './lock-pane.ts';
import { type AnswerPlan, planAnswer, SUBMIT } from './plan-answer.ts';
import type { DeliveryTools } from './recipient.ts';
import { type Asker, type AskingSight, awaitQuestion, type QuestionSight } from './see-question.ts';

export interface AnswerRequest {
  /** `yes`, `no`, `always`, an option's number or label, or words of the user's own; or one key. */
  readonly answer: { readonly text: string } | { readonly key: string };
  /** The name of the question that is meant; default: the one that stands. */
  readonly id?: string | undefined;
  /** How long to wait for others who hold the pane, and for the agent to take the answer, ms. */
  readonly timeoutMs: number;
}

/** What would be done now: the question that stands and the choice, or why there is none. */
export async function previewAnswer(
  asker: Asker,
  request: AnswerRequest,
  tools: DeliveryTools,
): Promise<AnswerResult> {
  const { sight } = await awaitQuestion(asker, tools);
  const planned = planFor(asker, sight, request);
  if ('outcome' in planned) return planned;
  return {
    outcome: 'pressed',
    proof: 'none',
    detail: '',
    question: planned.sight.question,
    says: planned.says,
  };
}

/**
 * Answers the question an agent waits with: the answer is fitted to the question that stands when we come, then given
 * under the pane's lock, only while that very question stands; of two at once, the second finds it gone. Confirmed
 * when it is gone, or replaced.
 */
export async function answerQuestion(
  asker: Asker,
  request: AnswerRequest,
  tools: DeliveryTools,
): Promise<AnswerResult> {
  const first = await awaitQuestion(asker, tools);
  const planned = planFor(asker, first.sight, request);
  if ('outcome' in planned) return planned;
  const { tmux, clock, owner } = tools;
  const { question } = planned.sight;
  const locked = await lockPane(tmux, asker.pane, owner, clock, request.timeoutMs);
  if (locked === 'gone') return refuseAnswer('not-found', 'its pane is gone', { question });
  if (locked === 'busy') return refuseAnswer('not-ready', 'another sender holds it', { question });
  try {
    return await answerLocked(asker, { ...request, id: question.id }, planned, tools);
  } finally {
    await unlockPane(tmux, asker.pane, owner);
  }
}

async function answerLocked(
  asker: Asker,
  request: AnswerRequest,
  { sight: { question }, says }: Planned,
  tools: DeliveryTools,
): Promise<AnswerResult> {
  const { sight, feed, facts } = await awaitQuestion(asker, tools);
  const planned = planFor(asker, sight, request);
  if ('outcome' in planned) return { ...planned, question };
  const given = await giveAnswer(asker, planned.sight, planned.plan, facts, tools);
  switch (given) {
    case 'dead':
      return refuseAnswer('exited', 'the agent has exited', { question });
    case 'gone':
      return refuseAnswer('not-found', 'its pane is gone', { question });
    case 'changed':
      return refuseAnswer('changed', 'it changed before it was answered: nothing was chosen', {
        question,
        says,
      });
    case 'stuck':
      return refuseAnswer('unconfirmed', 'its screen did not follow the keys: nothing was chosen', {
        question,
        says,
      });
    case 'given': {
      const givenAt = tools.clock.now();
      const submits = planned.says === SUBMIT && planned.sight.shown.submitKey !== undefined;
      const follows = findFollowing(asker, planned, submits);
      const confirmed = await confirmAnswer(asker, planned.sight, { feed, facts, follows }, tools, {
        timeoutMs: request.timeoutMs,
        key: 'key' in request.answer,
      });
      return { ...confirmed, question, says, givenAt };
    }
  }
}

/** The page that comes behind this answer and only confirms it. */
function findFollowing({ type }: Asker, { plan, sight }: Planned, submits: boolean): Pattern | undefined {
  if (submits) return type.signs?.answers?.submit?.page;
  const always = plan.how === 'choose' && sight.shown.options[plan.option]?.means === 'always';
  return always ? type.signs?.answers?.confirms : undefined;
}

interface Planned {
  readonly sight: AskingSight;
  readonly plan: AnswerPlan;
  readonly says: string;
}

function planFor(asker: Asker, sight: QuestionSight, { answer, id }: AnswerRequest): Planned | AnswerResult {
  if (sight.seen === 'gone') return refuseAnswer('not-found', 'its pane is gone');
  if (sight.seen === 'dead') {
    return refuseAnswer('exited', `the agent has exited (${sight.exit ?? 'code unknown'})`);
  }
  if (sight.seen === 'nothing') return refuseAnswer('no-question', 'it asks nothing now');
  const { question, shown, deaf } = sight;
  if (id !== undefined && !isSameId(id, question.id)) {
    return refuseAnswer('changed', `it asks something else now: ${question.what}`, { next: question });
  }
  if (deaf)
    return refuseAnswer('not-ready', 'its pane takes no keys of its own (input off, or synchronized)', {
      question,
    });
  if ('key' in answer) return { sight, plan: { how: 'key', key: answer.key }, says: answer.key };
  const planned = planAnswer(shown, answer.text, asker.type.signs?.answers);
  if ('refused' in planned) return refuseAnswer('no-choice', planned.refused, { question });
  return { sight, ...planned };
}
