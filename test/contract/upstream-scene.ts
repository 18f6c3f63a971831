import { AnthropicProvider } from '#src/models/adapters/anthropic/anthropic-provider.js';
import type { AnthropicSettings } from '#src/models/adapters/anthropic/anthropic-settings.js';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import type { TextEvent, TextRequest } from '#src/models/provider.port.js';
import { FakeClock } from '../support/fake-clock.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { anthropicSettingsFor, type Line, recordingLog, settingsFor, whileTimePasses } from './models-support.ts';

const STEP_MS = 10_000;

export const TEXT = 'Šálek čaje 🍵, then "quotes" and \\ slashes';
export const words: TextRequest = { messages: [{ role: 'user', content: 'Say it' }] };
export const calm = (): AbortSignal => new AbortController().signal;

/** The model server of one test, who asks it, and the time in which that happens. */
export class UpstreamScene {
  readonly clock = new FakeClock();
  readonly lines: Line[] = [];
  private playing: ScriptedUpstream[] = [];

  /** The server that was asked for last. */
  get upstream(): ScriptedUpstream {
    const last = this.playing.at(-1);
    if (last === undefined) throw new Error('No upstream plays yet');
    return last;
  }

  async play(scripts: readonly Script[]): Promise<ScriptedUpstream> {
    this.playing.push(await ScriptedUpstream.start(scripts, 0));
    return this.upstream;
  }

  async openAi(scripts: readonly Script[], near: Partial<OpenAiSettings> = {}): Promise<OpenAiProvider> {
    const { url } = await this.play(scripts);
    return new OpenAiProvider(settingsFor(url, near), this.clock, recordingLog(this.lines));
  }

  async claude(scripts: readonly Script[], near: Partial<AnthropicSettings> = {}): Promise<AnthropicProvider> {
    const { origin } = await this.play(scripts);
    return new AnthropicProvider(anthropicSettingsFor(origin, near), this.clock, recordingLog(this.lines));
  }

  /** What an OpenAI-compatible server that plays these says. */
  async say(scripts: readonly Script[], near: Partial<OpenAiSettings> = {}): Promise<TextEvent[]> {
    return this.soon(Array.fromAsync((await this.openAi(scripts, near)).text(words, calm())));
  }

  /** What Claude, playing these, answers. */
  async hear(scripts: readonly Script[], request = words): Promise<TextEvent[]> {
    return this.soon(Array.fromAsync((await this.claude(scripts)).text(request, calm())));
  }

  /** What work comes to, in time that passes as long as it takes. */
  soon<T>(work: Promise<T>): Promise<T> {
    return whileTimePasses(this.clock, STEP_MS, work);
  }

  async close(): Promise<void> {
    await Promise.all(this.playing.map((upstream) => upstream.close()));
    this.playing = [];
  }
}
