import { join } from 'node:path';
import type { WishAgent } from '../../session/wish.ts';
import { type Environment, findTranscriptDirectory } from '../../system/paths.ts';
import type { CheckedRun } from './wanted-agents.ts';

/** Whether an agent goes on with its conversation, and if not, why not. */
export type Continuation =
  | { readonly kind: 'resumed'; readonly conversation: string }
  /**
   * `asked`: the user wants none; `none-yet`: it never began one; `gone`: it is not there any more; `chosen`: the words
   * on its command line choose one; `cannot`: its type has none to go on with.
   */
  | { readonly kind: 'fresh'; readonly why: 'asked' | 'none-yet' | 'gone' | 'chosen' | 'cannot' };

/** Looks, before it is started, whether an agent can go on with the conversation that its wish names. */
export async function chooseConversation(
  env: Environment,
  sessionId: string,
  { name, conversation }: Pick<WishAgent, 'name' | 'conversation'>,
  checked: CheckedRun | undefined,
): Promise<Continuation> {
  if (conversation === undefined || !checked) return { kind: 'fresh', why: 'none-yet' };
  const kept = join(findTranscriptDirectory(env, sessionId), name);
  switch (await checked.findConversation(conversation, kept)) {
    case 'there':
      return { kind: 'resumed', conversation };
    case 'gone':
      return { kind: 'fresh', why: 'gone' };
    case 'chosen':
      return { kind: 'fresh', why: 'chosen' };
    case 'none':
      return { kind: 'fresh', why: 'cannot' };
  }
}
