/** `@portkey-ai/gateway` as its own command starts it, on the port of the bench. It comes without types. */
const COMMAND: string = '@portkey-ai/gateway/build/start-server.js';
process.argv.push('--headless', `--port=${process.env['PORT']}`);
process.on('SIGTERM', () => process.exit(0));
await import(COMMAND);
