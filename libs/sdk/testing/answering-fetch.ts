import { Countersign } from '../client.js';
import type { ClientOptions } from '../settings.js';
import { FakeTime } from './fake-time.js';
import { API_KEY } from './sample-stream.js';

type Answer = (init: RequestInit) => Response | Promise<Response>;

/** A client whose requests are answered in order by the test; the last answer is given again and again. */
export class AnsweringFetch {
  readonly time = new FakeTime();
  readonly urls: string[] = [];
  readonly sent: RequestInit[] = [];
  readonly client: Countersign;

  constructor(
    private readonly answers: readonly [Answer, ...Answer[]],
    options: Partial<ClientOptions>,
  ) {
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const answer = this.answers[Math.min(this.sent.length, this.answers.length - 1)] ?? this.answers[0];
      this.urls.push(url);
      this.sent.push(init);
      return answer(init);
    };
    this.client = new Countersign({
      baseURL: 'https://service.test',
      apiKey: API_KEY,
      fetch,
      time: this.time,
      ...options,
    });
  }

  /** What work ends with, as a value. */
  readonly outcome = (work: Promise<unknown>): Promise<unknown> =>
    this.time.drive(work).catch((error: unknown) => error);
}
