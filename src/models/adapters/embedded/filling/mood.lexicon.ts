import { stem } from '../text/stem.policy.js';

const stems = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(stem));

/** Words of liking and disliking, beside those that judge a decision. */
export const LIKED = stems(`
love loved great excellent amazing awesome wonderful fantastic perfect happy glad delighted pleased enjoy enjoyed good best nice beautiful brilliant
superb outstanding impressed thank thanks recommend helpful friendly fast easy reliable comfortable delicious satisfied like fun`);

export const DISLIKED = stems(`
hate hated terrible awful horrible bad worst poor disappointed disappointing useless broken slow rude annoying frustrating angry sad unhappy waste
refund never-again garbage unusable buggy dirty late wrong ugly boring regret disgusting unreliable difficult crashes crashed fails failed`);
