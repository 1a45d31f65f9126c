import type { ScreenSigns } from '../types.ts';

const SPINNER = '[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]';
/** The end of the live area: the rest of a wrapped line, the rule below a `!command` that still runs. */
const END = '(?:\\n [a-z].*)?(?:\\n─+)?$(?!\\n)';
/** The line of keys that ends a selector, the rule and the footer below it. */
const KEYS =
  '^ *(?:↑↓ navigate|Type to search ·|enter submit).*(?:\\n .*)?\\n+─{8,}(?:\\n(?!─{8}).*){0,3}$(?!\\n)';
/** What ends every selector: the rule and the footer below it. */
const RULE = '\\n+─{8,}(?:\\n(?!─{8}).*){0,3}$(?!\\n)';
/** Lines of a selector. */
const INSIDE = '(?:(?!^─{8,}$)[^])*';

/**
 * The screen of pi 0.73.1. Its replies stand in the same column as its spinner, so a reply that ends with
 * `⠹ Working...` looks like work until the spinner is seen to stand still.
 */
export const piSigns: ScreenSigns = {
  composer: {
    top: '^─{3}(?: ↑ \\d+ more )?─{5,}$',
    topIsText: false,
    bottom: '^─{3}(?: ↓ \\d+ more )?─{5,}$',
    frame: 'rules',
    lead: '^(?!)',
    chrome: [],
    placeholders: [],
    shell: ['^─+\\n!'],
    otherModes: ['(?<![^])─.*\\n(?:(?!─{8}).*\\n)*?→ '],
  },
  busy: [
    { pattern: `^ ${SPINNER} Working\\.\\.\\.$(?!\\n)`, says: 'model', at: 'above', moves: true },
    {
      pattern: `^ \\$ (.+)\\n(?:[^]*\\n)? ${SPINNER} Running\\.\\.\\..*${END}`,
      says: 'bash: $1',
      at: 'above',
      moves: true,
    },
    { pattern: `^ ${SPINNER} (\\S.*?)\\.\\.\\.(?: \\(.*)?${END}`, says: '$1', at: 'above', moves: true },
  ],
  retrying: [
    {
      pattern: `^ Error: (.+)\\n+ ${SPINNER} (?:Retrying \\(|Working\\.\\.\\.).*${END}`,
      says: '$1',
      at: 'above',
    },
    { pattern: `^ ${SPINNER} Retrying \\(.*${END}`, says: 'API error', at: 'above' },
  ],
  tools: [
    {
      pattern: '^ \\$ (.+)\\n(?:(?!^ (?:\\$ |Took ))[^])*^ Elapsed [\\d.]+s$',
      says: 'bash: $1',
      at: 'above',
    },
    { pattern: '^ Elapsed [\\d.]+s$', says: 'tool', at: 'above' },
  ],
  dialogs: [
    {
      kind: 'choice',
      pattern: `^(Resume Session) \\(.*\\).*\\n${INSIDE}^>(?: .*)?\\n${INSIDE}${RULE}`,
      says: '$1',
    },
    { kind: 'choice', pattern: `^tab scope · re:<pattern>${INSIDE}${RULE}`, says: 'Resume Session' },
    {
      kind: 'choice',
      pattern: `^(?:Only showing models from|Scope: )${INSIDE}^>(?: .*)?\\n\\n[→ ] ${INSIDE}${RULE}`,
      says: 'Select a model',
    },
    {
      kind: 'choice',
      pattern: `^>(?: .*)?\\n\\n[→ ] ${INSIDE}^  Model Name: .*${RULE}`,
      says: 'Select a model',
    },
    { kind: 'choice', pattern: `^   (Session Tree)\\n[^]*^  \\(\\d+/\\d+\\).*${RULE}`, says: '$1' },
    {
      kind: 'choice',
      pattern: `(?:(?<![^])|^─{8,}\\n)${INSIDE}^› ${INSIDE}^  \\(\\d+/\\d+\\).*${RULE}`,
      says: 'Session Tree',
    },
    {
      kind: 'choice',
      pattern: `^(?:>|[→ ] \\S)${INSIDE}^  Type to search · Enter/Space to cha.*${RULE}`,
      says: 'Settings',
    },
    {
      kind: 'choice',
      pattern: `^─{8,}\\n+(?:> *\\n+)?[ →]*(\\S.*)\\n(?:(?!^─{8,}$)[^])*${KEYS}`,
      says: '$1',
    },
    { kind: 'choice', pattern: `(?<![^])\\n* *(\\S.*)\\n(?:(?!^─{8,}$)[^])*${KEYS}`, says: '$1' },
  ],
  errors: [
    { pattern: '^ Error: (.+(?:\\n .+)*)(?:\\n\\n Use /login [^]*)?$(?!\\n)', says: '$1', at: 'above' },
  ],
  titles: {},
  noise: [`^ ${SPINNER} .*$`, '^ Elapsed [\\d.]+s$'],
  liveLines: 40,
  answers: { refuse: 'Escape', input: '^>(?: .*)?\\n\\n enter submit\\b' },
};
