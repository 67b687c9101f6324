// the client's code is loaded at its first call. Loading takes real time, which a test with a fake clock does not wait for
import '../src/aimlapi/calls.js';
import '../src/media/data-uri.js';
