import { join } from 'node:path';
import type { QuestionKind } from '../agents/types.ts';
import { appendPrivateLine } from '../system/append-line.ts';
import { type Environment, findStateDirectory } from '../system/paths.ts';
import type { State, Witness } from './types.ts';

/** Whom an entry is about. */
interface HistoryAgent {
  readonly agent: string;
  readonly type: string;
  readonly run: string;
}

/** What happened: one line of a session's history, without what every line has. Times in ms since the epoch. */
export type HistoryFact =
  /** A state began; `from` null: nothing was known before. `from` and `to` may be the same: another turn, question. */
  | (HistoryAgent & {
      readonly kind: 'state';
      readonly from: State | null;
      readonly to: State;
      readonly since: number;
      readonly reason: string;
      readonly witness: Witness;
      readonly question: { readonly kind: QuestionKind; readonly what: string } | null;
      /** While EXITED: the code, null when nobody knows it. */
      readonly exit?: number | null;
    })
  /** Somebody sent, answered or interrupted; `outcome`, `proof` and `detail` as the command told them. */
  | (HistoryAgent & {
      readonly kind: 'prompt' | 'answer' | 'interrupt';
      readonly outcome: string;
      readonly proof?: string;
      readonly detail?: string;
      readonly steered?: boolean;
      /** Size of the text in bytes; `text` is cut when it is long. */
      readonly bytes?: number;
      readonly text?: string;
    })
  /** The session ended: by `stop`, or it was found gone; or it was brought back. */
  | { readonly kind: 'session'; readonly to: 'stopped' | 'gone' | 'resumed' };

export type HistoryEntry = {
  readonly v: 1;
  readonly at: number;
  readonly session: string;
  readonly sessionId: string;
} & HistoryFact;

/** A session as its history is filed. */
export interface HistoryOwner {
  readonly name: string;
  readonly id: string;
}

/** A file grows to this, then a new one begins; one older one is kept. */
export const MAX_HISTORY_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_CHARS = 32 * 1024;

/** Where the history of a session stands; the name first, so that it is found when the session is gone. */
export function findHistoryFile(env: Environment, { name, id }: HistoryOwner): string {
  return join(findHistoryDirectory(env), `${name}.${id}.ndjson`);
}

/** The directory of all histories. */
export function findHistoryDirectory(env: Environment): string {
  return join(findStateDirectory(env), 'events');
}

/** Appends to a session's history; several processes may at once. Throws what the file system says. */
export async function appendHistory(
  env: Environment,
  owner: HistoryOwner,
  at: number,
  fact: HistoryFact,
): Promise<void> {
  const entry: HistoryEntry = { v: 1, at, session: owner.name, sessionId: owner.id, ...cutText(fact) };
  await appendPrivateLine(findHistoryFile(env, owner), JSON.stringify(entry), MAX_HISTORY_BYTES);
}

function cutText(fact: HistoryFact): HistoryFact {
  if (!('text' in fact) || fact.text === undefined) return fact;
  return { ...fact, text: fact.text.slice(0, MAX_TEXT_CHARS), bytes: Buffer.byteLength(fact.text) };
}
