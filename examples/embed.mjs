import { createFakeApi } from 'aimlapi-wan/testing';

/**
 * Starts the embedded API where the environment holds none of these keys, and puts its key and address there.
 *
 * @returns whether it did
 */
export async function embed(keyNames, baseUrlName) {
  if (keyNames.some((name) => process.env[name]?.trim())) return false;
  const apiKey = 'embedded';
  const { url } = await createFakeApi({ apiKey, videoSeconds: 3 }).listen({ unref: true });
  // a child process inherits these, and so uses the server of this one
  process.env[keyNames[0]] = apiKey;
  process.env[baseUrlName] = url;
  console.error(`No key in the environment: this uses the embedded API (${url}) and costs nothing.`);
  return true;
}
