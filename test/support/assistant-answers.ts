import type { AssistantName } from './assistant-requests.ts';

export const question = (text: string) => ({
  question: text,
  choices: null,
  why_we_ask: 'It is open.',
  impacts_draft: 'The goal.',
});
export const option = (title: string) => ({ title, pros: ['good'], cons: ['bad'], evidence_to_gather: ['how good'] });
export const issue = (note: string, target: string | null) => ({ level: 'IMPROVEMENT', note, target });
export const rationale = (target: string) => ({
  target,
  why: 'Point 0 of the plan.',
  provenance_source: null,
  quotation: null,
});

/** What a model says that keeps to the rules, as strict mode words it: `null` for what is left out. */
export const modelAnswers: Readonly<Record<AssistantName, object>> = {
  'clarify-brief': { questions: [question('Who decides on Point 0 of the plan?')], confidence: 0.4 },
  'critique-graph': {
    issues: [issue('The guards are left out of Point 0 of the plan.', 'risk-2')],
    suggested_fixes: ['Add the costs of the guards.'],
    overall_quality: 'good',
  },
  'suggest-options': { options: ['Point 0 of the plan', 'Open a café', 'Wait a year'].map(option) },
  'explain-diff': {
    rationales: [
      {
        ...rationale('risk-9'),
        quotation: { source: 'brief', quote: 'the evening guards resign' },
        provenance_source: 'document',
      },
    ],
  },
};
