// Goes through the proxy of the environment: HTTPS_PROXY, HTTP_PROXY, NO_PROXY. Costs 1 image.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { createWan } from 'aimlapi-wan';
import { createUndiciFetch } from 'aimlapi-wan/undici';

// a proxy that is not in the environment: { proxy: 'http://user:password@host:port' }
const wan = createWan({ fetch: createUndiciFetch({ proxy: 'env' }) });

const { images } = await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a tunnel' });
console.log((await wan.save(images[0], 'out/tunnel.png')).path);
