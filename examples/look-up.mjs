// Looks up what became of an image whose answer was lost. Costs nothing: it always uses the embedded API.
import { createWan, mayHaveBeenPaid, OutcomeUnknownError } from 'aimlapi-wan';
import { createFakeApi } from 'aimlapi-wan/testing';

// a fault is scripted here: the API makes the image, and its answer is lost
const api = createFakeApi();
const wan = createWan({ apiKey: 'test', fetch: api.fetch });
api.fault({ on: 'image', kind: 'reset', accepted: true });

try {
  await wan.generateImage({ model: 'wan2.5-t2i-preview', prompt: 'a lighthouse in a storm' });
} catch (error) {
  if (!mayHaveBeenPaid(error)) console.log('nothing was billed: this may be tried again');
  if (!(error instanceof OutcomeUnknownError)) throw error;
  const { clientRequestId, startedAt: since } = error;
  const rows = await wan.findRequest({ clientRequestId, since });
  // rows may come late: an empty list does not prove that nothing was made
  for (const { status, model, usage } of rows) console.log(status, model, `$${usage?.usdSpent}`);
}
console.log('paid creates:', api.generations, `for $${api.charged}`);
