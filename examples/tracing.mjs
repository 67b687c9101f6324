// Prints spans of a video with the OpenTelemetry SDK: its create, its wait, and each request. Costs 1 video.
// Needs: npm install @opentelemetry/api@1.9 @opentelemetry/sdk-trace-node
import './embedded.mjs'; // without a key: the embedded API, in this process

import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ConsoleSpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { generateVideo, pollUntilDone } from 'aimlapi-wan';

const provider = new NodeTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())],
});
provider.register();
const tracer = trace.getTracer('aimlapi-wan');

// prompts may be private: a span holds them where the operator asks for that, as OpenTelemetry's own packages do it
const takesPrompts = process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === 'true';

/** The span of the create or wait that a request belongs to. */
const outer = new AsyncLocalStorage();

function traceChannel(name, kind) {
  const spans = new WeakMap();
  const channel = tracingChannel(`aimlapi-wan:${name}`);
  channel.start.bindStore(outer, (message) => {
    const parent = outer.getStore();
    const within = parent ? trace.setSpan(context.active(), parent) : context.active();
    const span = tracer.startSpan(message.name, { kind, attributes: message.attributes }, within);
    const prompt = takesPrompts && message.inputMessages?.();
    if (prompt) span.setAttribute('gen_ai.input.messages', prompt);
    spans.set(message, span);
    return span;
  });
  channel.subscribe({
    asyncEnd(message) {
      const { attributes, error } = message;
      const span = spans.get(message);
      span?.setAttributes(attributes);
      if (attributes['error.type']) span?.setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
      if (error) span?.recordException(error);
      span?.end();
    },
  });
}

traceChannel('create', SpanKind.CLIENT);
traceChannel('wait', SpanKind.INTERNAL);
traceChannel('request', SpanKind.CLIENT);

// a span of the app: the others are its children
await tracer.startActiveSpan('make a video', async (span) => {
  const job = await generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'waves below a lighthouse' });
  await pollUntilDone(job, { intervalMs: 1_000 });
  span.end();
});
await provider.shutdown();
