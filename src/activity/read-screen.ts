import type { QuestionKind, ScreenSigns, Sign } from '../agents/types.ts';
import { cutLines, type FoundComposer, findComposer, type Sight } from './find-composer.ts';
import { matches, type Proof, proveSign, shorten } from './patterns.ts';
import { splitScreen } from './split-screen.ts';
import type { ScreenReading } from './types.ts';

/**
 * Reads what one visible screen and its pane title say, by an agent type's signs. Only what stands in the agent's
 * own places counts: the live area above the composer, the footer below it, a dialog that ends the screen, the title.
 * Text alone cannot tell what Claude Code suggests as the next prompt (dim) from what the user typed: with
 * `sight.styled` it is told.
 */
export function readScreen(signs: ScreenSigns, screen: string, title: string, sight?: Sight): ScreenReading {
  const lines = splitScreen(screen);
  const dialog = findDialog(signs, lines.join('\n'));
  const composer = dialog === undefined ? findComposer(signs.composer, lines, sight) : undefined;
  const regions = cutRegions(signs, lines, composer);
  const resting = matches(signs.titles.idle, title);
  const working = resting ? { ...regions, above: '' } : regions;
  const busy = findFirst(signs.busy, working) ?? readTitle(signs.titles.busy, title, 'model');
  const retrying = findFirst(signs.retrying, working);
  const tool = findFirst(signs.tools ?? [], regions);
  const error = busy === undefined && retrying === undefined ? findFirst(signs.errors, regions) : undefined;
  const asking = composer === undefined ? readTitle(signs.titles.asking, title, '') : undefined;
  const view = dialog === undefined && composer === undefined ? findView(signs, lines.join('\n')) : undefined;
  const titled = Object.values(signs.titles).some((pattern) => matches(pattern, title));
  const asked = dialog ?? (asking && { ...asking, kind: 'approval' as const });
  const proofs = { busy, retrying, tool, error, dialog: asked, view };
  return {
    composer: composer && { text: composer.text, mode: composer.mode },
    busy: (busy ?? retrying)?.says,
    ...((retrying ?? busy)?.moves && { busyMoves: true }),
    retrying: retrying?.says,
    tool: tool?.says,
    dialog: asked && { kind: asked.kind, what: asked.says },
    error: error?.says,
    ...(dialog && { dialogLine: lines.join('\n').slice(0, dialog.index).split('\n').length - 1 }),
    ...(view && { view: view.says }),
    ...(resting && { rests: true }),
    ...(titled && { titled }),
    ...(composer?.text === '' && busy === undefined && findStream(signs, regions.above)),
    evidence: {
      ...pickProofs(proofs, ({ evidence }) => evidence),
      ...(composer && { composer: shorten(foldRules(lines.slice(composer.first, composer.last + 1)), 80) }),
    },
    patterns: {
      ...pickProofs(proofs, ({ pattern }) => pattern),
      ...(composer && { composer: signs.composer.bottom }),
    },
  };
}

function pickProofs(
  proofs: Readonly<Record<string, Proof | undefined>>,
  pick: (proof: Proof) => string,
): Readonly<Record<string, string>> {
  const found = Object.entries(proofs).flatMap(([key, proof]) =>
    proof ? [[key, pick(proof)] as const] : [],
  );
  return Object.fromEntries(found);
}

/** Lines with their rules cut short: what stands between them is what one wants to read. */
function foldRules(lines: readonly string[]): string {
  return lines.join('\n').replace(/([─━═▀▔])\1{3,}/gu, '$1$1$1');
}

interface Regions {
  readonly above: string;
  readonly below: string;
}

function cutRegions(
  signs: ScreenSigns,
  lines: readonly string[],
  composer: FoundComposer | undefined,
): Regions {
  if (composer === undefined) return { above: '', below: '' };
  const live = lines.slice(Math.max(0, composer.first - signs.liveLines), composer.first);
  const above = cutLines(live, composer.width).join('\n').replace(/\n+$/u, '');
  return { above, below: lines.slice(composer.last + 1).join('\n') };
}

function findFirst(signs: readonly Sign[], regions: Regions): Proof | undefined {
  for (const sign of signs) {
    const below = sign.at === 'above' ? undefined : proveSign(sign, regions.below);
    const proof = below ?? (sign.at === 'below' ? undefined : proveSign(sign, regions.above));
    if (proof !== undefined) return proof;
  }
  return undefined;
}

function findStream({ streams }: ScreenSigns, above: string): Pick<ScreenReading, 'stream'> {
  const line = above.trimEnd().split('\n').at(-1) ?? '';
  return matches(streams, line) ? { stream: line } : {};
}

function findView(signs: ScreenSigns, text: string): Proof | undefined {
  return signs.views?.map((sign) => proveSign(sign, text)).find((proof) => proof !== undefined);
}

/** The question that a screen's text ends with. */
export function findDialog(
  signs: ScreenSigns,
  text: string,
): (Proof & { readonly kind: QuestionKind }) | undefined {
  for (const sign of signs.dialogs) {
    const proof = proveSign(sign, text);
    if (proof !== undefined) return { ...proof, kind: sign.kind };
  }
  return undefined;
}

function readTitle(pattern: string | undefined, title: string, says: string): Proof | undefined {
  return pattern !== undefined && matches(pattern, title)
    ? { says, evidence: `title: ${shorten(title, 80)}`, pattern, moves: false, index: 0 }
    : undefined;
}
