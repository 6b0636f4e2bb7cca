/**
 * What Node has, a body may think of, and Temporal's sandbox lacks. The simulator's bodies find none of it; a scenario
 * holds the list against the real sandbox.
 */
export const lackingGlobals = [
  ...['fetch', 'Request', 'Response', 'Headers', 'FormData', 'Blob', 'File', 'process', 'global', 'Buffer'],
  ...['setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'crypto'],
  ...['structuredClone', 'atob', 'btoa', 'AbortSignal', 'Event', 'EventTarget', 'DOMException', 'MessageChannel'],
] as const;
