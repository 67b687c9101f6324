import { createHash } from 'node:crypto';
import { answerJson } from './answers.js';
import { pricingOf } from './prices.js';
import { aliasesOf, modelRules } from './rules.js';

const types = { image: 'openai/image-generations', video: 'internal/video-generations/submit' };
/** How clients and caches may keep the answer. */
const cacheControl = 'public, max-age=60';

/** `GET /v1/models`: takes `id` and `include`, and ignores a word of `include` that it does not know. */
export function answerCatalogue(request: Request, url: URL): Response {
  const listOf = (name: string) => url.searchParams.getAll(name).flatMap((words) => words.split(','));
  const ids = listOf('id');
  const isPriced = listOf('include').some((part) => part === 'pricing' || part === 'all');
  const data = Object.entries(modelRules)
    .map(([id, { kind }]) => ({
      id,
      aliases: aliasesOf(id),
      type: types[kind],
      info: { name: id.slice(id.lastIndexOf('/') + 1), developer: 'Alibaba Cloud' },
      tags: [],
      ...(isPriced && { pricing: pricingOf(id) }),
    }))
    .filter(({ id, aliases }) => ids.length === 0 || [id, ...aliases].some((name) => ids.includes(name)));
  const etag = `"${createHash('sha1').update(JSON.stringify(data)).digest('hex')}"`;
  const headers = { 'cache-control': cacheControl, etag };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return answerJson({ object: 'list', data }, headers);
}
