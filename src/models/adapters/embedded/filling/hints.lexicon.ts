/** Kinds of words that can be told by their form, or by where they stand. */
export type Hint =
  | 'email'
  | 'url'
  | 'phone'
  | 'date'
  | 'time'
  | 'moment'
  | 'duration'
  | 'money'
  | 'uuid'
  | 'address'
  | 'person'
  | 'place'
  | 'name'
  | 'thing'
  | 'title'
  | 'reason'
  | 'answer'
  | 'summary';

interface HintWords {
  readonly hint: Hint;
  /** Of JSON Schema. */
  readonly formats: readonly string[];
  readonly names: ReadonlySet<string>;
  /** The words mean the same in a description. */
  readonly told: boolean;
}

const row = (hint: Hint, formats: string, names: string, told = false): HintWords => ({
  hint,
  formats: formats.split(' ').filter((format) => format !== ''),
  names: new Set(names.split(/\s+/)),
  told,
});

export const HINTS: readonly HintWords[] = [
  row('email', 'email idn-email', 'email emails mail mailbox', true),
  row('url', 'uri url iri uri-reference', 'url urls uri website link links homepage', true),
  row('phone', 'phone', 'phone telephone mobile tel fax', true),
  row('moment', 'date-time', 'timestamp datetime'),
  row('date', 'date', 'date dates day deadline due birthday birthdate when', true),
  row('time', 'time', 'time hour'),
  row('duration', 'duration', 'duration period'),
  row('uuid', 'uuid', 'uuid guid'),
  row('address', 'ipv4', 'ip ipv4'),
  row('money', '', 'price cost amount fee total salary budget fare'),
  row(
    'person',
    '',
    `person people participant participants attendee attendees guest guests author authors user users customer client patient speaker speakers
    employee manager owner member members recipient sender who contact winner player players candidate candidates speaker assignee`,
    true,
  ),
  row('place', '', 'place city town country location venue where destination origin region state'),
  row('name', '', 'name names'),
  row('thing', '', 'product products item items ingredient ingredients dish dishes object objects thing things'),
  row('title', '', 'title subject headline heading topic'),
  row('reason', '', 'reason why cause rationale justification because'),
  row('answer', '', 'answer response reply output result content text message solution explanation'),
  row('summary', '', 'summary abstract description overview gist notes note comment details synopsis'),
];

/** What things are that are no persons: a name of theirs is not a person's. */
export const THINGS: ReadonlySet<string> = new Set(
  `event events meeting calendar project product item items company organisation organization recipe dish course book film movie song city
  place country team tool service app file document plan task conference fair`.split(/\s+/),
);
