// Makes an image and puts its bytes into a store of your own, without a file. Costs 1 image.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { once } from 'node:events';
import { createServer } from 'node:http';
import { download, generateImage } from 'aimlapi-wan';

// stands for a bucket that takes a PUT
const bucket = createServer(async (request, response) => {
  const chunks = await request.toArray();
  console.log(request.method, request.url, Buffer.concat(chunks).length, 'bytes');
  response.end();
}).listen(0, '127.0.0.1');
await once(bucket, 'listening');

const { images } = await generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a red kite' });
const bytes = await download(images[0], { maxBytes: 20_000_000 });
await fetch(`http://127.0.0.1:${bucket.address().port}/kite.png`, { method: 'PUT', body: bytes });
bucket.close();
