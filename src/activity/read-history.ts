import { join } from 'node:path';
import { listNames } from '../system/directories.ts';
import { readFileFacts, readSlice, removeTree } from '../system/files.ts';
import type { Environment } from '../system/paths.ts';
import { findHistoryDirectory, type HistoryEntry, MAX_HISTORY_BYTES } from './history.ts';

const KEPT_HISTORIES = 50;
/** A line may begin below a file's limit and end above it. */
const MAX_READ_BYTES = 2 * MAX_HISTORY_BYTES;

/** Reads a history from its beginning, and then what is appended to it, also when a new file has begun. */
export class HistoryReader {
  readonly #path: string;
  #id: string | undefined;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Entries since the last call, oldest first; at first all that are kept. Never throws. */
  async readNew(): Promise<readonly HistoryEntry[]> {
    const older = `${this.#path}.1`;
    const id = (await readFileFacts(this.#path))?.id;
    // Missing for a moment while a new file begins.
    if (id === undefined) return [];
    const before: HistoryEntry[] = [];
    if (this.#id === undefined || id !== this.#id) {
      const kept = (await readFileFacts(older))?.id;
      if (kept !== undefined && (this.#id === undefined || kept === this.#id)) {
        before.push(...(await this.#readFrom(older)));
      }
      this.#offset = 0;
      this.#id = id;
    }
    return [...before, ...(await this.#readFrom(this.#path))];
  }

  async #readFrom(path: string): Promise<readonly HistoryEntry[]> {
    const slice = await readSlice(path, this.#offset, MAX_READ_BYTES);
    const end = slice?.lastIndexOf(0x0a) ?? -1;
    if (!slice || end < 0) return [];
    this.#offset += end + 1;
    return parseHistory(slice.subarray(0, end).toString('utf8'));
  }
}

/** The entries of whole lines; what is no entry is passed over. */
export function parseHistory(text: string): readonly HistoryEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as HistoryEntry | null;
      return entry?.v === 1 && typeof entry.at === 'number' && typeof entry.kind === 'string' ? [entry] : [];
    } catch {
      return [];
    }
  });
}

/** A history that is kept. */
export interface KeptHistory {
  readonly session: string;
  readonly id: string;
  readonly path: string;
  /** ms since the epoch */
  readonly modifiedAt: number;
}

/** All histories that are kept, the last written first. */
export async function listHistories(env: Environment): Promise<readonly KeptHistory[]> {
  const directory = findHistoryDirectory(env);
  const found = (await listNames(directory)).map(async (file): Promise<readonly KeptHistory[]> => {
    const [, session, id] = /^([A-Za-z0-9_-]+)\.([0-9a-f]+)\.ndjson$/.exec(file) ?? [];
    const path = join(directory, file);
    const facts = session && id ? await readFileFacts(path) : undefined;
    return session && id && facts ? [{ session, id, path, modifiedAt: facts.modifiedAt }] : [];
  });
  return (await Promise.all(found)).flat().sort((a, b) => b.modifiedAt - a.modifiedAt);
}

/** Removes all histories but those of running sessions (by id) and of the last 50 that ended. */
export async function pruneHistories(env: Environment, running: ReadonlySet<string>): Promise<void> {
  const ended = (await listHistories(env)).filter(({ id }) => !running.has(id));
  const old = ended.slice(KEPT_HISTORIES).flatMap(({ path }) => [path, `${path}.1`]);
  await Promise.all(old.map(removeTree));
}
