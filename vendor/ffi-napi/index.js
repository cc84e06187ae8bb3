throw new Error(
  'ffi-napi is an empty stand-in in this project: libvosk is bound with koffi (src/call-engine/adapters/vosk)',
);
