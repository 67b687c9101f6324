// Validates a route by the schema of a model, with Hono. Costs 1 image.
// needs Hono: npm install hono @hono/standard-validator
import './embedded.mjs'; // without a key: the embedded API, in this process

import { sValidator } from '@hono/standard-validator';
import { generateImage } from 'aimlapi-wan';
import { schemaOf } from 'aimlapi-wan/models';
import { Hono } from 'hono';

const app = new Hono();
// tRPC takes the same schema: publicProcedure.input(schemaOf('wan2.5-t2i-preview')).mutation(…)
app.post('/images', sValidator('json', schemaOf('wan2.5-t2i-preview')), async (context) => {
  // what the schema gives has the model in it, and goes in as it is
  const { images } = await generateImage(context.req.valid('json'));
  return context.json({ url: images[0].url });
});

const post = (body) =>
  app.request('/images', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const refused = await post({ prompt: 'a lighthouse', num_images: 9 });
console.log(refused.status, JSON.stringify((await refused.json()).error));
const made = await post({ prompt: 'a lighthouse' });
console.log(made.status, Object.keys(await made.json()).join());
