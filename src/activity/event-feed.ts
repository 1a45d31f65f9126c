import type { AgentEvent, AgentType } from '../agents/types.ts';
import { readSize } from '../system/files.ts';
import { MAX_REPORT_BYTES, readReports } from './read-reports.ts';

const LOOK_BACK_BYTES = 256 * 1024;

/** Reads a run's report file forward, from wherever it was opened. */
export class EventFeed {
  readonly #path: string | undefined;
  readonly #type: AgentType;
  #offset: number;

  private constructor(path: string | undefined, type: AgentType, offset: number) {
    this.#path = path;
    this.#type = type;
    this.#offset = offset;
  }

  /** Opens the file at its present end; `path` undefined: a run without reports. */
  static async openAtEnd(path: string | undefined, type: AgentType): Promise<EventFeed> {
    return new EventFeed(path, type, path === undefined ? 0 : await readSize(path));
  }

  /** Bytes read so far; the size of the file when it was opened at its end. */
  get offset(): number {
    return this.#offset;
  }

  /** The agent has reported more than is read: from here on its screen decides. */
  get flooded(): boolean {
    return this.#offset >= MAX_REPORT_BYTES;
  }

  /** The last events before where reading goes on, as many as a look back of 256 KB holds. */
  async readBefore(): Promise<readonly AgentEvent[]> {
    if (this.#path === undefined || this.#offset === 0) return [];
    const { events } = await readReports(this.#path, Math.max(0, this.#offset - LOOK_BACK_BYTES), this.#type);
    return events;
  }

  /** Events since the last call, oldest first. */
  async readNew(): Promise<readonly AgentEvent[]> {
    if (this.#path === undefined) return [];
    const batch = await readReports(this.#path, this.#offset, this.#type);
    this.#offset = batch.offset;
    return batch.events;
  }
}
