import type { RedactionKind } from '../kinds.js';

/**
 * Lines with their answers. `⟦kind:text⟧` is to be redacted in both modes, `⟪kind:text⟫` in strict mode only; the rest has to stay.
 * Everything here is made up or taken from documents that print it as an example; secrets are assembled so that no scanner takes them for real.
 */
const PEM_BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const RANDOM_20 = 'a1B2c3D4e5F6g7H8i9J0';
const RANDOM_36 = `${RANDOM_20}k1L2m3N4o5P6q7R8`;
const RANDOM_43 = `${RANDOM_36}s9T0u1V`;

export const LINES: readonly string[] = [
  // e-mail
  'Write to ⟦email:ada.lovelace@example.com⟧.',
  '<⟦email:first.last+tag@mail.example.co.uk⟧>, "⟦email:o\'brien@example.ie⟧"',
  'Kontakt: ⟦email:jörg.müller@straße.example⟧; ⟦email:info@bücher.de⟧',
  'почта ⟦email:иван@почта.рф⟧, 请联系⟦email:zhang@example.cn⟧谢谢',
  'mailto:⟦email:x_1%y@sub-domain.example.org⟧?subject=a',
  'wait...⟦email:john@example.com⟧ and ⟦email:jane@example.com⟧,⟦email:jim@example.com⟧',
  'Authorization: Basic ⟪secret:dXNlcjpwYXNz⟫, ⟦email:a@b.com⟧--x, ⟦email:a@b-c.com⟧-----',
  'user ⟦email:root@xn--bcher-kva.example⟧ logged in',
  'https://x.example/i?mail=⟦email:a.b%40example.com⟧&x=1, twice ⟦email:ada%2540example.com⟧ and in HTML ⟦email:ada&#64;example.com⟧',
  String.raw`{"mail":"⟦email:a.b\u0040example.com⟧","inner":"{\"to\":\"⟦email:a.b\\u0040example.com⟧\"}"}`,
  '100%40 of, npm/%40angular/core, pkg%4017.1.0, logo%402x.png, git%40github.com:org/repo.git, a&#64; b, \\u0040 alone',
  '@handle, user@localhost, @angular/core@17.1.0, logo@2x.png, git@github.com:org/repo.git, a @ b',
  'x@y, foo@bar@baz, 5@6.7, C:\\user@home, e.g. me@',
  // phone
  'Call ⟦phone:+1 415 555 2671⟧, ⟦phone:+1-415-555-2671⟧ or ⟦phone:(415) 555-2671⟧.',
  'US: ⟦phone:415-555-2671⟧, ⟦phone:415.555.2671⟧, ⟦phone:415 555 2671⟧, ⟦phone:1-415-555-2671⟧, ⟦phone:(415)555-2671⟧',
  '⟦ip_address:1.2.3.4⟧, ⟦phone:415-555-2671⟧',
  'London ⟦phone:+44 20 7946 0958⟧ or ⟦phone:0044 20 7946 0958⟧ or ⟦phone:+44 (0)20 7946 0958⟧',
  'Berlin ⟦phone:+49 30 901820⟧, mobil ⟦phone:+4915123456789⟧; Zürich ⟦phone:+41 44 668 18 00⟧',
  'Paris ⟦phone:+33 1 42 68 53 00⟧, Madrid ⟦phone:+34 912 345 678⟧, 東京 ⟦phone:+81 3-1234-5678⟧, 电话⟦phone:+86 138 1234 5678⟧',
  'São Paulo ⟦phone:+55 11 91234-5678⟧, Mumbai ⟦phone:+91 98765 43210⟧, Prag ⟦phone:+420 222 123 456⟧, from the US ⟦phone:011 44 20 7946 0958⟧',
  'Tel.: ⟦phone:030 1234567⟧, phone number is ⟦phone:4155552671⟧, Fax: ⟦phone:089/123456⟧, "phone": "⟦phone:4155552671⟧"',
  'teléfono ⟦phone:912 345 678⟧, téléphone : ⟦phone:01 42 68 53 00⟧, WhatsApp ⟦phone:0151 23456789⟧',
  'Zentrale ⟪phone:030 1234567⟫, Handwerker ⟪phone:0171/1234567⟫, bureau ⟪phone:01 42 68 53 00⟫',
  'order 4155552671, id 123-456-7890123, ref 2024-0001-5678, 415-555-26711, 123-456-7890',
  'commit 4155552671abcdef, sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'at 2024-05-01T12:30:45.123Z, 1714560000, 1714560000000, 20240501123045, 2024-05-01 12:30:45 +0200',
  '123e4567-e89b-12d3-a456-426614174000 and 00000000-0000-4000-8000-000000000000',
  'version 10.15.7, v1.2.3-rc.4, Chrome/120.0.6099.109, node-24.21.0, 3.14159265358979',
  'between 1,234,567.89 and 12 345 678, $415 555 2671, 50-60 %, 555-2671, +12 points, 1+415',
  'ISBN 978-3-16-148410-0, EAN 4006381333931, PO 100-200-3000, 2025/11/21 10:00',
  'ratio 911-555-2671, 415-911-2671, 199-555-2671',
  // payment cards
  'card ⟦credit_card:4111 1111 1111 1111⟧ exp 12/27 cvc 123',
  '⟦credit_card:4111111111111111⟧, ⟦credit_card:5500-0055-5555-5559⟧, ⟦credit_card:3782 822463 10005⟧',
  'Diners ⟦credit_card:3056 930902 5904⟧, Discover ⟦credit_card:6011000990139424⟧, JCB ⟦credit_card:3530111333300000⟧',
  'MC 2-series ⟦credit_card:2223003122003222⟧; UnionPay ⟦credit_card:6200000000000005⟧',
  'pay with <⟦credit_card:4242424242424242⟧>, card=⟦credit_card:4242424242424242⟧',
  '4111 1111 1111 1112, 4111111111111112, 1234567812345678, 0000000000000000, 9999 9999 9999 9995',
  '41111111111111111111, a4111111111111111, 4111111111111111b, 41 11 11 11 11 11 11 11',
  // bank accounts
  'IBAN ⟦iban:DE89 3704 0044 0532 0130 00⟧, ⟦iban:GB82WEST12345698765432⟧; ⟦iban:FR14 2004 1010 0505 0001 3M02 606⟧',
  '⟦iban:CH9300762011623852957⟧ ⟦iban:NL91 ABNA 0417 1643 00⟧ ⟦iban:NO93 8601 1117 947⟧ ⟦iban:de89370400440532013000⟧',
  'DE89 3704 0044 0532 0130 01, GB82WEST1234569876543, XX89370400440532013000, DE12 is a size',
  // US social security
  'SSN ⟦us_ssn:123-45-6789⟧; social security number: ⟦us_ssn:123 45 6789⟧, ssn=⟦us_ssn:123456789⟧',
  '000-12-3456, 666-12-3456, 900-12-3456, 123-00-4567, 123-45-0000, 123 45 6789, 123456789, 123-45-67890',
  // addresses of machines
  'from ⟦ip_address:203.0.113.7⟧:8080 to http://⟦ip_address:198.51.100.23⟧/x and ⟦ip_address:10.0.0.0⟧/8',
  'inet6 ⟦ip_address:2001:db8::8a2e:370:7334⟧, [⟦ip_address:2001:0db8:85a3:0000:0000:8a2e:0370:7334⟧]:443, ⟦ip_address:fe80::1⟧%eth0',
  'mapped ⟦ip_address:::ffff:192.0.2.128⟧',
  'localhost 127.0.0.1, ::1, 0.0.0.0, 255.255.255.255, 256.1.1.1, 1.2.3, 1.2.3.4.5, 01.02.03.04, std::vector, abc::def, ::',
  'version 1.2.3.4, section 2.3.4.5, v10.0.0.1, at 12:30:45, 10:20:30:40:50, Foo::Bar, a:b:c',
  // secrets
  `key: ⟦private_key:-----BEGIN PRIVATE KEY-----\n${PEM_BODY}\n${PEM_BODY}\nQ29tZSBvbg==\n-----END PRIVATE KEY-----⟧\nafter`,
  `⟦private_key:-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n${PEM_BODY}\n-----END RSA PRIVATE KEY-----⟧ end`,
  `"⟦private_key:-----BEGIN EC PRIVATE KEY-----\\n${PEM_BODY}\\nabc=\\n-----END EC PRIVATE KEY-----⟧\\n"`,
  `cut ⟦private_key:-----BEGIN OPENSSH PRIVATE KEY-----\n${PEM_BODY}\n${PEM_BODY}⟧\nand then he said so`,
  '⟦private_key:-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBFzzzzzzzzzzzzzzzzzzzz\n=AbCd\n-----END PGP PRIVATE KEY BLOCK-----⟧',
  `-----BEGIN CERTIFICATE-----\n${PEM_BODY}\n-----END CERTIFICATE-----`,
  'It begins with `⟦private_key:-----BEGIN PRIVATE KEY-----⟧`, then base64 follows.',
  `token ⟦jwt:${JWT}⟧. And ⟦jwt:${JWT}⟧`,
  'eyJhbGciOiJIUzI1NiJ9 alone, eyJ. and eyJhbGciOiJub25lIn0.x',
  `Authorization: Bearer ⟦bearer_token:${RANDOM_36}⟧, bearer ⟦bearer_token:mF_9.B5f-4.1JqMabcdefgh⟧`,
  'a bearer token, Bearer authentication-of-requests, Bearer of news, bearer bonds',
  'AWS ⟦api_key:AKIAIOSFODNN7EXAMPLE⟧, ⟦api_key:ASIAIOSFODNN7EXAMPLE⟧; AKIAIOSFODNN7EXAMPLEX, AKIA',
  `⟦api_key:${['ghp', RANDOM_36].join('_')}⟧ ⟦api_key:${['github_pat', RANDOM_43].join('_')}⟧ ⟦api_key:${['glpat', RANDOM_20].join('-')}⟧`,
  `⟦api_key:${['xoxb', '123456789012', RANDOM_20].join('-')}⟧ ⟦api_key:AIza${RANDOM_36.slice(1)}⟧ ⟦api_key:${['npm', RANDOM_36].join('_')}⟧`,
  `⟦api_key:${['sk', RANDOM_43].join('-')}⟧, ⟦api_key:${['sk-ant-api03', RANDOM_43].join('-')}⟧, ⟦api_key:${['sk-proj', RANDOM_43].join('-')}⟧`,
  `⟦api_key:${['sk_live', RANDOM_20].join('_')}⟧ and ⟦api_key:${['rk_test', RANDOM_20].join('_')}⟧, ${['pk_live', RANDOM_20].join('_')} is public`,
  `⟦api_key:cs_0199c0de0000700080000123456789ab_${RANDOM_43}⟧ ⟦api_key:cs_local_${RANDOM_43}⟧ cs_0199c0de0000700080000123456789ab`,
  'task-force-of-the-century, sk-learn-is-a-python-library, ask_me, desk-top, risk-adjusted-return-on-capital',
  'postgres://app:⟦url_password:s3cr3t⟧@db.example.com/x, redis://:⟦url_password:p%40ss⟧@cache:6379, https://⟦email:user@example.invalid⟧/',
  'https://example.com/a:b@c, http://localhost:3000/, see //comment: x',
  `client_secret=⟦secret:${RANDOM_36}⟧&x=1, "aws_secret_access_key": "⟦secret:${RANDOM_36}/abc⟧"`,
  'password=⟪secret:hunter2!⟫, "password": "⟪secret:Tr0ub4dor⟫", PGPASSWORD=⟪secret:s3cret⟫ psql',
  'Your password: it must be long. The secret: patience. max_tokens=1024, token=abc, password = ""',
  // strict only
  'born ⟪date_of_birth:1980-05-12⟫, geb. ⟪date_of_birth:12.05.1980⟫, DOB: ⟪date_of_birth:05/12/1980⟫, born on ⟪date_of_birth:12 May 1980⟫',
  'date of birth ⟪date_of_birth:3. März 1975⟫, on 1980-05-12 we met, due 12.05.2030, born in 1980',
  'passport no. ⟪identity_number:C01X00T47⟫, Reisepass ⟪identity_number:L01234567⟫; driver licence ⟪identity_number:D1234567⟫',
  'passport office 24, the number C01X00T47, order A1234567',
  'MAC ⟪mac_address:00:1a:2b:3c:4d:5e⟫, ⟪mac_address:00-1A-2B-3C-4D-5E⟫; SHA1 00:1a:2b:3c:4d:5e:6f:70:81, 00:1a:2b',
  'at ⟪coordinates:52.520008, 13.404954⟫ or ⟪coordinates:-33.8688,151.2093⟫; values 1.5, 2.5 and 99.12345, 200.12345',
  'lives at ⟪street_address:1600 Pennsylvania Avenue⟫ NW, ⟪street_address:221 Baker St⟫.; in 2024 The Street was closed, 5 Main points',
  // prose and code
  'In 2024, 12 of 30 people (40 %) said: "No." It costs 1.299,00 EUR - about 3/4 of Q3.',
  'const x = arr[0]; // see https://example.com/docs?id=12345#section-2 and file.tar.gz:120',
  'Der Kran 7 steht seit 1998 am Kai 12; die Kosten liegen bei 4,5 Mio. Euro (Stand 03/2025).',
  'キーは 42 個、価格は 1,200 円です。Привет, мир! 你好 123 🎉🎊 done',
  '| a | b |\n|---|---|\n| 1 | 2 |\n------------------\n1. one\n2. two\n10) ten',
  '{"id": 1234567890123456, "at": "2024-05-01", "ok": true, "sha": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}',
];

export interface Labelled {
  readonly text: string;
  /** In order. */
  readonly expected: readonly { readonly kind: RedactionKind; readonly start: number; readonly end: number }[];
  readonly redacted: string;
}

const LABEL = /⟦([a-z_]+):([^⟧]*)⟧|⟪([a-z_]+):([^⟫]*)⟫/g;

/** A line with what the mode has to find in it. */
export function labelled(line: string, mode: 'standard' | 'strict'): Labelled {
  let [text, redacted, from] = ['', '', 0];
  const expected: { kind: RedactionKind; start: number; end: number }[] = [];
  for (const found of line.matchAll(LABEL)) {
    const between = line.slice(from, found.index);
    const kind = (found[1] ?? found[3]) as RedactionKind;
    const value = found[2] ?? found[4] ?? '';
    const wanted = found[1] !== undefined || mode === 'strict';
    text += between;
    if (wanted) expected.push({ kind, start: text.length, end: text.length + value.length });
    redacted += between + (wanted ? `[redacted:${kind}]` : value);
    text += value;
    from = found.index + found[0].length;
  }
  return { text: text + line.slice(from), expected, redacted: redacted + line.slice(from) };
}
