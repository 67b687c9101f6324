// Shows the rules of the models as data, and checks an input before it is paid for. Costs 1 video.
import './embedded.mjs'; // without a key: the embedded API, in this process

import { generateVideo, pollUntilDone, save } from 'aimlapi-wan';
import { checkInput, findModel, jsonSchemaOf, models, schemaOf } from 'aimlapi-wan/models';

// a picker of models
const longer = models().filter(({ limits }) => limits.duration?.enum?.includes(15));
console.log(longer.map(({ id }) => id).join(' '));
console.log(findModel('wan2.6-t2v')?.limits.duration);

// a form, a route or a tool of one model
const { properties } = jsonSchemaOf('wan2.2-t2v-plus');
console.log(properties.resolution);
const form = schemaOf('wan2.2-t2v-plus')['~standard'].validate({ prompt: 'a fox', resolution: '1080p' });
console.log(form.issues?.[0]?.message);

// what came from elsewhere, checked before it is paid for
const { value, issues } = checkInput({ model: 'wan2.2-t2v-plus', prompt: 'a fox in the snow' });
if (issues) throw new Error(`${issues[0].path} ${issues[0].message}`);
const video = await pollUntilDone(await generateVideo(value), { intervalMs: 1_000 });
console.log((await save(video, 'out/fox.mp4')).path);
