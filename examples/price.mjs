// Shows the price of a video before, and its cost after. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { estimateCost, generateVideo, pollUntilDone, save } from 'aimlapi-wan';

const input = { model: 'wan2.2-t2v-plus', prompt: 'a kite over dunes', resolution: '480P' };
const { usd, basis, reason } = await estimateCost(input);
console.log(usd === undefined ? `before: no price, because ${reason}` : `before: $${usd} (${basis})`);
const video = await pollUntilDone(await generateVideo(input), { intervalMs: 1_000 });
console.log(`after: $${video.usage?.usdSpent}`);
console.log((await save(video, 'out/kite.mp4')).path);
