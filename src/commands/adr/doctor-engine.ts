import type { Engine } from '../../container/engine.ts';
import { listKnownEngines } from '../../container/known-engines.ts';
import { findOwnerState } from '../../container/labels.ts';
import { listRunRecords, listUnclaimed } from '../../container/run-directory.ts';
import { placeRuns, type RunSummary } from '../../container/runs.ts';
import { AdrError } from '../../errors.ts';
import { RECIPE_LABEL, readRecipe, WANTED_LABEL } from './build.ts';
import type { DoctorTools, Finding } from './doctor.ts';
import { type ImageStatus, listImages } from './images.ts';

const VERSION_LABEL = 'adr.image.version';
/** `cp` to a running container, `--mount` and host-gateway came with it. */
const OLDEST = [20, 10] as const;

/** The engine, the images on it, and what killed runs left behind. */
export async function checkEngine(tools: DoctorTools): Promise<readonly Finding[]> {
  const { engine, env } = tools;
  try {
    const host = await engine.readHost();
    const memory = `${Math.round(host.memory / 2 ** 20)} MB`;
    const message = `${engine.program} ${host.version}, ${host.cpus} CPUs, ${memory}`;
    return [
      { area: 'engine', level: 'ok', message },
      ...(engine.program === 'docker' ? checkVersion(host.version) : []),
      ...(await checkImages(tools)),
      ...(await checkLeftovers(tools, engine)),
    ];
  } catch (error) {
    if (!(error instanceof AdrError)) throw error;
    const { code, message, hint } = error;
    // Who runs agents on the host on purpose misses nothing.
    const level = env.ADR_ENGINE === 'host' && code === 'ENGINE_MISSING' ? 'note' : 'error';
    const finding: Finding = { area: 'engine', level, message, ...(hint ? { fix: hint } : {}) };
    return [finding, ...(await checkLeftovers(tools, undefined))];
  }
}

function checkVersion(version: string): readonly Finding[] {
  const [major = Number.NaN, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (Number.isNaN(major) || major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return [];
  const message = `docker ${version} is older than ${OLDEST.join('.')}`;
  return [{ area: 'engine', level: 'warning', message, fix: 'install a newer docker' }];
}

async function checkImages({ engine, env, types }: DoctorTools): Promise<readonly Finding[]> {
  const images = await listImages(engine, types);
  const tag = env.ADR_TAG || 'latest';
  if (images.every(({ built }) => built === undefined)) {
    const message = 'no image is built: agents run in none but your own';
    return [{ area: 'images', level: 'warning', message, fix: 'adr build claude (or another agent)' }];
  }
  const wanted = types.filter(({ name }) => images.some(({ agent }) => agent === name));
  const findings = await Promise.all(
    wanted.map(async (type) => {
      const mine = images.filter(({ agent }) => agent === type.name);
      const built = mine.find((image) => image.built?.tag === tag);
      if (!built) return describeMissing(type.name, tag, mine);
      const name = `${built.image}:${tag}`;
      const [version, chosen, recipe, current] = await Promise.all([
        engine.findImageLabel(name, VERSION_LABEL),
        engine.findImageLabel(name, WANTED_LABEL),
        engine.findImageLabel(name, RECIPE_LABEL),
        readRecipe(type),
      ]);
      const isCurrent = recipe === current;
      return describeImage(name, { type: type.name, known: type.npm?.version, version, chosen, isCurrent });
    }),
  );
  return findings;
}

function describeMissing(type: string, tag: string, images: readonly ImageStatus[]): Finding {
  const tags = images.flatMap(({ built }) => (built ? [built.tag] : []));
  const other = tags.length > 0 ? ` (there is ${tags.join(', ')})` : '';
  const fix = `adr build ${type}${tag === 'latest' ? '' : ` --tag ${tag}`}`;
  return { area: 'images', level: 'note', message: `coding-agent/${type}:${tag} is not built${other}`, fix };
}

/** Whether an image holds the version that adr knows, or the one the user chose, and is built as it would be today. */
export function describeImage(
  name: string,
  facts: {
    readonly type: string;
    readonly known: string | undefined;
    readonly version: string | undefined;
    readonly chosen: string | undefined;
    /** It was built by the Dockerfiles that there are now. */
    readonly isCurrent: boolean;
  },
): Finding {
  const { type, known, version, chosen, isCurrent } = facts;
  if (version === undefined || known === undefined || version === known) {
    if (!isCurrent) {
      const message = `${name} was built by another version of adr or of its Dockerfile`;
      return { area: 'images', level: 'note', message, fix: `adr update ${type}` };
    }
    return { area: 'images', level: 'ok', message: `${name}${version ? ` (${type} ${version})` : ''}` };
  }
  const message = `${name} holds ${type} ${version}, adr was tried with ${known}`;
  if (chosen !== undefined) return { area: 'images', level: 'note', message: `${message}; you chose it` };
  return { area: 'images', level: 'warning', message, fix: `adr update ${type}` };
}

/** A run that nobody looks at any more still costs memory, and may cost money. */
const OLD_MS = 7 * 86_400_000;

/** Runs that have gone on for longer than a week, by the moment they were made. */
export function describeOld(runs: readonly RunSummary[], now: number): readonly Finding[] {
  const old = runs.filter(({ orphan, createdAt }) => !orphan && now - Date.parse(createdAt) > OLD_MS);
  return old.map(({ run, agent, session, createdAt }) => {
    const name = session === undefined ? agent : `${session}/${agent}`;
    const days = Math.floor((now - Date.parse(createdAt)) / 86_400_000);
    const message = `${name} (${run}) has run for ${days} days`;
    return { area: 'leftovers', level: 'note', message, fix: `adr stop ${run}, if nobody needs it` };
  });
}

async function checkLeftovers(
  { env, run }: DoctorTools,
  engine: DoctorTools['engine'] | undefined,
): Promise<readonly Finding[]> {
  const silent: Finding[] = [];
  const onSilent = (other: Engine, { message }: AdrError) => {
    const { DOCKER_CONTEXT, DOCKER_HOST, CONTAINER_CONNECTION } = other.env;
    const where = DOCKER_CONTEXT ?? DOCKER_HOST ?? CONTAINER_CONNECTION ?? other.program;
    silent.push({
      ...{ area: 'leftovers', level: 'note' },
      message: `what runs left on ${where} cannot be seen: ${message}`,
    });
  };
  const engines = engine ? await listKnownEngines(engine, run, env) : [];
  const runs = (await placeRuns({ env, engines, onSilent })).map((placed) => placed.run);
  const known = new Set(runs.map(({ run }) => run));
  const orphans = runs.filter(({ orphan }) => orphan);
  const records = (await listRunRecords(env)).filter(
    ({ run, owner }) => !known.has(run) && findOwnerState(owner) === 'gone',
  );
  const directories = records.length + (await listUnclaimed(env)).length;
  const old = describeOld(runs, Date.now());
  if (orphans.length + directories === 0) {
    return [
      ...old,
      ...silent,
      { area: 'leftovers', level: 'ok', message: 'killed runs left nothing behind' },
    ];
  }
  const containers = orphans.filter(({ container }) => container !== undefined).length;
  const parts = [
    [containers, 'container', 'containers'],
    [orphans.length - containers, 'run on this host', 'runs on this host'],
    [directories, 'run directory', 'run directories'],
  ] as const;
  const said = parts.filter(([count]) => count > 0);
  const message = `killed runs left behind: ${said.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(', ')}`;
  return [...old, ...silent, { area: 'leftovers', level: 'warning', message, fix: 'adr clean' }];
}
