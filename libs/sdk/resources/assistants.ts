import type {
  BriefQuestions,
  ClarifyRequest,
  Critique,
  CritiqueRequest,
  DiffExplanation,
  ExplainRequest,
  OptionsRequest,
  SuggestedOptions,
} from '../assistant-types.js';
import type { RequestOptions, Transport } from '../transport.js';

/** Helpers around a draft. Each call costs: after a fault that leaves open whether it ran, the answer of the first attempt is asked for. */
export class Assistants {
  constructor(private readonly transport: Transport) {}

  /**
   * What a brief leaves open.
   *
   * @example
   * const { questions, should_continue } = await client.assistants.clarifyBrief({ brief, round: 0 });
   */
  clarifyBrief(request: ClarifyRequest, options: RequestOptions = {}): Promise<BriefQuestions> {
    return this.ask('assist/clarify-brief', request, options);
  }

  /**
   * What is wrong with a graph.
   *
   * @example
   * const { issues } = await client.assistants.critiqueGraph({ graph, brief, focus_areas: ['provenance'] });
   */
  critiqueGraph(request: CritiqueRequest, options: RequestOptions = {}): Promise<Critique> {
    return this.ask('assist/critique-graph', request, options);
  }

  /**
   * Three to five ways to a goal.
   *
   * @example
   * const { options } = await client.assistants.suggestOptions({ goal: 'Raise visits by 15 percent within a year' });
   */
  suggestOptions(request: OptionsRequest, options: RequestOptions = {}): Promise<SuggestedOptions> {
    return this.ask('assist/suggest-options', request, options);
  }

  /**
   * Why each part of a patch changes.
   *
   * @example
   * const { rationales } = await client.assistants.explainDiff({ patch: draft.patch, brief });
   */
  explainDiff(request: ExplainRequest, options: RequestOptions = {}): Promise<DiffExplanation> {
    return this.ask('assist/explain-diff', request, options);
  }

  private ask<T>(path: string, body: unknown, options: RequestOptions): Promise<T> {
    return this.transport.json<T>({ method: 'POST', path, body, repeat: 'keyed' }, options);
  }
}
