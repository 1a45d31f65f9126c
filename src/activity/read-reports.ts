import { join } from 'node:path';
import type { AgentEvent, AgentType, RawReport } from '../agents/types.ts';
import { readSlice } from '../system/files.ts';

/** A run that reports more than this is not read any further: its screen decides. */
export const MAX_REPORT_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The report file of a run, in its run directory. */
export function findReportFile(runDirectory: string): string {
  return join(runDirectory, 'reports');
}

export interface ReportBatch {
  readonly events: readonly AgentEvent[];
  /** Where to read on: behind the last whole line. */
  readonly offset: number;
  /** The file has passed `MAX_REPORT_BYTES`. */
  readonly flooded: boolean;
}

/**
 * Reads the events an agent reported since `offset` (bytes). A missing file, a half-written last line, lines that
 * are no report and a truncated file give no events and no error: what comes out of a container is a claim.
 */
export async function readReports(path: string, offset: number, type: AgentType): Promise<ReportBatch> {
  const events: AgentEvent[] = [];
  let position = offset;
  while (position < MAX_REPORT_BYTES) {
    const wanted = Math.min(CHUNK_BYTES, MAX_REPORT_BYTES - position);
    let slice = await readSlice(path, position, wanted);
    if (!slice || slice.length === 0) break;
    let end = slice.lastIndexOf(0x0a);
    if (end < 0) {
      // One line may be as long as a prompt: read it whole, up to the limit.
      slice = await readSlice(path, position, MAX_REPORT_BYTES - position);
      end = slice?.lastIndexOf(0x0a) ?? -1;
      // A line without an end at the limit is a flood, not one that is still being written.
      if (slice && end < 0 && position + slice.length >= MAX_REPORT_BYTES) position = MAX_REPORT_BYTES;
      if (!slice || end < 0) break;
    }
    for (const line of slice.subarray(0, end).toString('utf8').split('\n')) {
      const report = parseReportLine(line);
      if (report) events.push(...type.parseReport(report));
    }
    position += end + 1;
  }
  return { events, offset: position, flooded: position >= MAX_REPORT_BYTES };
}

/** `<ms> <source> <JSON>`; undefined for anything else. */
export function parseReportLine(line: string): RawReport | undefined {
  const match = /^(\d{10,16}) ([a-z][a-z0-9-]{0,63}) ([[{].*)$/.exec(line);
  if (!match) return undefined;
  const [, at = '', source = '', json = ''] = match;
  try {
    return { at: Number(at), source, body: JSON.parse(json) as unknown };
  } catch {
    return undefined;
  }
}
