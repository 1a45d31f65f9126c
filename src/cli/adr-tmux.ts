import { runMain } from './main.ts';
import { ADR_TMUX } from './tmux/definition.ts';

await runMain(ADR_TMUX);
