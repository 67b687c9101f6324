import { createFakeApi } from 'aimlapi-wan/testing';

const keyNames = ['AIMLAPI_API_KEY', 'AIML_API_KEY', 'AIMLAPI_KEY'];

/** Whether this process uses the embedded API: there is no key in the environment. */
export const embedded = !keyNames.some((name) => process.env[name]?.trim());

if (embedded) {
  const apiKey = 'embedded';
  const { url } = await createFakeApi({ apiKey, videoSeconds: 3 }).listen({ unref: true });
  // a child process inherits these, and so uses the server of this one
  process.env.AIMLAPI_API_KEY = apiKey;
  process.env.AIMLAPI_BASE_URL = url;
  console.error(`No key in the environment: this uses the embedded API (${url}) and costs nothing.`);
}
