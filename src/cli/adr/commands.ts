import type { Command } from '../command.ts';

/** The commands of `adr`, in the order help shows them. */
export const ADR_COMMANDS: readonly Command[] = [];
