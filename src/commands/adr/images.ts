import type { AgentType } from '../../agents/types.ts';
import type { Engine } from '../../container/engine.ts';
import { listBuildableTypes } from './build.ts';

/** One image of an agent type; `built` undefined: there is none yet. */
export interface ImageStatus {
  readonly agent: string;
  readonly image: string;
  readonly built:
    | {
        readonly tag: string;
        readonly id: string;
        readonly size: string;
        readonly since: string;
        readonly createdAt: string;
      }
    | undefined;
}

const TEMPLATE =
  '[{{json .Repository}},{{json .Tag}},{{json .ID}},{{json .Size}},{{json .CreatedSince}},{{json .CreatedAt}}]';

/** The images of every agent type, all tags, newest first; types without one too. Throws what the engine says. */
export async function listImages(
  engine: Engine,
  types: readonly AgentType[],
): Promise<readonly ImageStatus[]> {
  const lines = await engine.listImages('coding-agent/*', TEMPLATE);
  const found = lines.map((line) => {
    const [image = '', tag = '', id = '', size = '', since = '', createdAt = ''] = JSON.parse(
      line,
    ) as string[];
    return { image: image.replace(/^localhost\//, ''), built: { tag, id, size, since, createdAt } };
  });
  return listBuildableTypes(types).flatMap((type): readonly ImageStatus[] => {
    const image = `coding-agent/${type.name}`;
    const mine = found.filter((entry) => entry.image === image);
    if (mine.length === 0) return [{ agent: type.name, image, built: undefined }];
    return mine.map((entry) => ({ agent: type.name, ...entry }));
  });
}
