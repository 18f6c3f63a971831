import { modelAnswers } from '../assistant-answers.ts';
import { type Script, ScriptedUpstream } from '../scripted-upstream.ts';
import { drafting, sampleDraft, standard } from '../scripted-upstream-scripts.ts';

/** A word that exists nowhere but in what the owner asked and was answered. */
export const PLANTED_WORD = 'Zanzibar-kelp-farm';
/** A brief with this word is worked at until the test is over. */
export const HELD_WORD = 'Timbuktu-salt-works';

const PATIENCE_MS = '3600000';

const answersByTask: ReadonlyMap<string, object> = new Map(
  Object.entries(modelAnswers).map(([name, answer]) => [name.replace('-', '_'), answer]),
);

/** A model that repeats the planted word, and never answers to the other one. */
const structured: Script = async (request, response) => {
  const asked = JSON.stringify(request.body);
  if (asked.includes(HELD_WORD)) return request.over;
  const { response_format: format } = Object(request.body);
  const said = JSON.stringify(answersByTask.get(format.json_schema.name) ?? sampleDraft(4));
  const answer = asked.includes(PLANTED_WORD) ? said.replace('Point 0', PLANTED_WORD) : said;
  return drafting(JSON.parse(answer), {})(request, response);
};

export const startModel = (): Promise<ScriptedUpstream> => ScriptedUpstream.start([standard({ structured })], 0);

/** What makes a service use it. */
export const modelEnv = (model: ScriptedUpstream): Readonly<Record<string, string>> => ({
  MODEL_PROVIDERS: 'openai',
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'key-of-the-model',
  MODEL_IDLE_TIMEOUT: PATIENCE_MS,
  MODEL_TOTAL_TIMEOUT: PATIENCE_MS,
});
