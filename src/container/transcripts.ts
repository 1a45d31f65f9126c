import { join } from 'node:path';
import type { AgentType, ConversationStore, Place } from '../agents/types.ts';
import { type Environment, findHome, findTranscriptDirectory } from '../system/paths.ts';
import { holdsText, listTreeNames } from '../system/search-tree.ts';
import { CONTAINER_HOME, type HomeLink } from './home-archive.ts';
import type { ClaimedRun } from './run-directory.ts';

/** Where a session keeps the conversations of one agent, so that they outlive its runs. */
export interface Transcripts {
  /** On the host; the agent's alone. */
  readonly source: string;
  /** As the agent sees it. */
  readonly target: string;
  /** What leads the agent there; undefined: its command line or environment does. */
  readonly link: HomeLink | undefined;
}

const TARGET = `${CONTAINER_HOME}/.adr-transcripts`;
/** What an agent says its conversation is called becomes a word of a command line. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Where this run's conversations are kept: with the session, if it is one's and its agent's own place would not outlive
 * it; else undefined.
 */
export function planTranscripts(
  { conversations, runs, own }: AgentType,
  place: Place,
  { sessionId, fromSession, env }: Pick<ClaimedRun, 'sessionId' | 'fromSession' | 'env'>,
  agent: string | undefined,
): Transcripts | undefined {
  if (!conversations || !fromSession || sessionId === undefined || agent === undefined) return undefined;
  const source = join(findTranscriptDirectory(env, sessionId), agent);
  if (place === 'container') {
    const link = conversations.redirected === 'link';
    return {
      source,
      target: TARGET,
      link: link ? { path: conversations.directory, target: TARGET } : undefined,
    };
  }
  // Ours has no place of its own on the host.
  return runs === 'host-only' && !own ? { source, target: source, link: undefined } : undefined;
}

/** The directory in which an agent on the host keeps its conversations. */
function findOwnStore(store: ConversationStore, env: Environment): string {
  const moved = store.moved.find(({ variable }) => env[variable]);
  const value = moved && env[moved.variable];
  return moved && value ? join(value, moved.below) : join(findHome(env), store.directory);
}

/**
 * Whether an agent can go on with a conversation: `there`; `gone`: it would exit at once; `chosen`: the user's own words
 * on its command line choose one; `none`: the type cannot.
 */
export type ConversationState = 'there' | 'gone' | 'chosen' | 'none';

/** Where to look for a conversation. */
export interface ConversationPlace {
  readonly place: Place;
  readonly env: Environment;
  /** What the user wrote after `--`. */
  readonly args: readonly string[];
  /** The directory that a session keeps this agent's conversations in. */
  readonly kept: string;
}

/** Looks for the conversation of that id, without the agent. */
export async function findConversation(
  { conversations, runs, own }: AgentType,
  { place, env, args, kept }: ConversationPlace,
  id: string,
): Promise<ConversationState> {
  if (!conversations) return 'none';
  const isOwnWord = (arg: string): boolean => conversations.ownWords.includes(arg.replace(/=.*/s, ''));
  if (args.some(isOwnWord)) return 'chosen';
  const isOurs = place === 'container' || (runs === 'host-only' && !own);
  const directory = isOurs ? kept : findOwnStore(conversations, env);
  return (await hasConversation(conversations, directory, id)) ? 'there' : 'gone';
}

async function hasConversation(store: ConversationStore, directory: string, id: string): Promise<boolean> {
  if (!ID.test(id)) return false;
  const names = await listTreeNames(directory);
  if (store.found === 'name') return names.some((name) => name.includes(id));
  const wanted = new RegExp(store.files ?? '', 'u');
  for (const name of names.filter((candidate) => wanted.test(candidate))) {
    if (await holdsText(join(directory, name), id)) return true;
  }
  return false;
}
