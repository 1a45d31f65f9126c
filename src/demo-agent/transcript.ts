import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './state.ts';

/** Where one conversation is kept. */
export interface TranscriptFile {
  /** What was said before; empty in a new conversation. */
  readonly entries: readonly Entry[];
  /** Keeps what has been said by now. */
  save(entries: readonly Entry[]): void;
}

/**
 * Opens a conversation's file; without a directory nothing is kept. Throws a TypeError when it is to be `resumed` and is
 * not there.
 */
export function openTranscript(
  directory: string | undefined,
  conversation: string,
  resumed: boolean,
): TranscriptFile {
  if (directory === undefined || directory === '') return { entries: [], save: () => undefined };
  const path = join(directory, `${conversation}.json`);
  return {
    entries: resumed ? readEntries(path, conversation) : [],
    save: (entries) => {
      try {
        writeFileSync(path, JSON.stringify(entries), { mode: 0o600 });
      } catch {
        // An agent works on when its words are not kept.
      }
    },
  };
}

function readEntries(path: string, conversation: string): readonly Entry[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly Entry[];
  } catch {
    throw new TypeError(`no conversation found with id ${conversation}`);
  }
}
