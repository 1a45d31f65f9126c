import { ADR } from './adr/definition.ts';
import { runMain } from './main.ts';

await runMain(ADR);
