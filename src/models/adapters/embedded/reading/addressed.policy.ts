const ADDRESSED: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}\b(?:instructions?|prompts?|rules|directions|guardrails|messages)\b/iu,
  /\byou are (?:now )?(?:an?|the|my)?\s?(?:ai|assistant|chatbot|language model|chatgpt|gpt|llm|dan)\b/iu,
  /\b(?:system prompt|developer message|jailbreak|as an ai)\b/iu,
  /\b(?:respond|reply|answer|output|print|say|return)\s(?:only\s|just\s)?(?:with|exactly|nothing but|the (?:word|json|secret|password))\b/iu,
  /\b(?:reveal|print|show|leak|repeat)\s(?:me\s)?(?:your|the)\s(?:\p{L}+\s)?(?:prompt|instructions|api key|password|secret)/iu,
];

/** Without one of these the patterns above cannot match. */
const SUSPECT =
  /ignore|disregard|forget|override|bypass|you are|prompt|developer message|jailbreak|as an ai|respond|reply|answer|output|print|say|return|reveal|show|leak|repeat/iu;

/** Whether a sentence gives orders to the program that reads it. It is then left out, and lowers the trust in the rest. */
export const isAddressed = (sentence: string): boolean =>
  SUSPECT.test(sentence) && ADDRESSED.some((pattern) => pattern.test(sentence));
