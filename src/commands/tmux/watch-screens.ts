import { randomBytes } from 'node:crypto';
import { lookAtPanes, type PaneLook } from '../../activity/look.ts';
import type { ScreenSigns } from '../../agents/types.ts';
import {
  decodeServer,
  hasUnknownExit,
  LISTING,
  type ObservedServer,
  observeServer,
} from '../../session/observed.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import { formatCommand } from '../../tmux/quote.ts';
import { cutSnippet } from './watch-snippet.ts';

/** What is known of a pane's screen; the same object as long as the screen is the same. */
interface KnownScreen {
  readonly screen: string;
  /** With its colours; of a pane that was previewed since the screen is this. */
  readonly styled?: string | undefined;
  readonly snippet?: { readonly signs: ScreenSigns | undefined; readonly text: string } | undefined;
}

/** The screens that a watch looks at again and again. */
export class WatchScreens {
  readonly #tmux: TmuxClient;
  #known = new Map<string, KnownScreen>();

  constructor(tmux: TmuxClient) {
    this.#tmux = tmux;
  }

  /**
   * Looks at everything of ours, and at the panes that are known from the look before, in one tmux invocation; of the
   * `previewed` pane with its colours. Throws TMUX_MISSING, TMUX_FAILED.
   */
  async look(previewed: string | undefined): Promise<ObservedServer> {
    const panes = [...this.#known.keys()];
    if (panes.length === 0) return observeServer(this.#tmux);
    const mark = `@@${randomBytes(8).toString('hex')}`;
    const colored = previewed !== undefined && panes.includes(previewed);
    const looks = await lookAtPanes(this.#tmux, panes, [
      formatCommand(LISTING),
      formatCommand(['display-message', '-p', mark]),
      ...(colored ? [formatCommand(['capture-pane', '-p', '-e', '-t', previewed])] : []),
    ]);
    const [listing = '', styled = ''] = looks.printed.split(`${mark}\n`);
    this.#remember(looks.panes, colored ? { pane: previewed, styled } : undefined);
    if (looks.server === 'down') return { id: undefined, monitor: '', sessions: [] };
    const server = decodeServer(listing);
    return hasUnknownExit(server) ? observeServer(this.#tmux) : server;
  }

  /** Looks at those of the panes that came since, and forgets all others. */
  async follow(panes: readonly string[]): Promise<void> {
    for (const pane of this.#known.keys()) if (!panes.includes(pane)) this.#known.delete(pane);
    const added = panes.filter((pane) => !this.#known.has(pane));
    if (added.length > 0) this.#remember((await lookAtPanes(this.#tmux, added)).panes, undefined);
  }

  /** The visible screen, plain text and, where it was previewed, with its colours; empty when the pane is gone. */
  get(pane: string): Pick<KnownScreen, 'screen' | 'styled'> {
    return this.#known.get(pane) ?? { screen: '' };
  }

  /** The last thing on it that says something. */
  cutSnippet(pane: string, signs: ScreenSigns | undefined): string {
    const known = this.#known.get(pane);
    if (!known) return '';
    if (known.snippet && known.snippet.signs === signs) return known.snippet.text;
    const text = cutSnippet(signs, known.screen);
    this.#known.set(pane, { ...known, snippet: { signs, text } });
    return text;
  }

  #remember(
    looks: ReadonlyMap<string, PaneLook>,
    colored: { readonly pane: string; readonly styled: string } | undefined,
  ): void {
    for (const [pane, { screen }] of looks) {
      const before = this.#known.get(pane);
      const known = before?.screen === screen ? before : { screen };
      this.#known.set(
        pane,
        colored?.pane === pane && screen !== '' ? { ...known, styled: colored.styled } : known,
      );
    }
  }
}
