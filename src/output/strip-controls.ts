import { stripVTControlCharacters } from 'node:util';

/** Text from an agent made safe for a terminal: no escape sequences, no control characters but line feeds and tabs. */
export function stripControls(text: string): string {
  return stripVTControlCharacters(text).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}
