export const msPerSecond = 1000;
export const secondsPerDay = 24 * 60 * 60;
export const bytesPerMiB = 2 ** 20;
