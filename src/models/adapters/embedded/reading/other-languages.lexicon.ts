import type { NodeKind } from '../../../draft-graph.schema.js';

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Words that announce a kind of statement in languages other than English: enough to place a sentence, not to take it apart. */
export const ANNOUNCING: Readonly<Partial<Record<NodeKind, readonly string[]>>> = {
  goal: words(`
ziel ziele zweck wollen möchten objectif objectifs but voulons souhaitons objetivo objetivos queremos meta obiettivo obiettivi vogliamo doel willen
målet mål cel celem цель хотим 目标 目的 希望 目標 الهدف نريد מטרה hedef amaç`),
  decision: words(
    'entscheiden entscheidung ob décider décision decidir decisión decisão decidere decisione besluiten 决定 是否 決定 すべきか べき решить решение القرار karar',
  ),
  risk: words(`
risiko risiken gefahr könnte befürchten risque risques danger pourrait craignons riesgo riesgos peligro podría risco riscos perigo rischio rischi pericolo potrebbe
risico риск риски опасность 风险 可能 担心 リスク 恐れ 危険 خطر نخشى قد סיכון`),
  action: words('müssen devons debemos devemos dobbiamo moeten должны 必须 必要 يجب'),
  factor: words(
    'budget kosten kostet coûte coûtent cuesta cuestan custa costa kost стоит 预算 成本 費用 予算 ميزانية تكلفة',
  ),
};

/** "whether", behind a comma or a verb of deciding: what follows is what is asked. */
export const OTHER_WHETHER =
  /(?:,\s|\b(?:décider|decidir|decidere|decisão|besluiten)\s)(?:ob|si|se|of|om|czy)\s(?=\p{L})/iu;

/** "or" between alternatives, with the spaces that some languages write and others do not. */
export const OTHER_OR =
  /\s+(?:oder|ou|oppure|eller|albo|lub|или|veya|أو|או)\s+|(?<=\p{L})\s+[ou]\s+(?=\p{L})|[，、,]?\s?(?:或者|还是|還是|または|それとも|或是)/u;
