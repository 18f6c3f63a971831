/**
 * Lines that show where detection ends, labelled as a person would label them. What goes wrong here is known: it
 * counts for precision and recall, and need not come out right.
 */
export const HARD_LINES: readonly string[] = [
  'ada at example dot com, ⟦email:"quoted part"@example.com⟧, ⟦email:root@localhost⟧, ⟦email:user@[192.0.2.1]⟧',
  'just ring ⟦phone:4155552671⟧ or ⟦phone:07911123456⟧ tonight, ⟦phone:555-2671⟧ at work',
  'number sold: 212 555 3000 units; part 415-555-2671 of the list',
  'order 4000001234567899 shipped, parcel 5105105105105100 too',
  'in abc1::2 and fe::1 of the code, release notes of 10.2.3.4',
  'my social is ⟦us_ssn:123 45 6789⟧, his is ⟦us_ssn:123.45.6789⟧',
  'AWS secret ⟦secret:wJalrXUtnFEMIbPxRfiCYzEXAMPLEKEYabcd/+12⟧ pasted alone, pin ⟦secret:1234⟧',
  'the word is ⟦secret:correct horse battery staple⟧, password is ⟦secret:hunter2⟧',
  'wohnt ⟪street_address:Hauptstraße 12, 10115 Berlin⟫, ⟪street_address:10 Downing Street⟫, ⟪street_address:12 rue de la Paix⟫',
  'turned 44 on ⟪date_of_birth:12 May 2024⟫, ⟪date_of_birth:1980-05-12⟫ is her birthday',
  'passport: ⟪identity_number:AB 123 4567⟫, ID ⟪identity_number:123456789012⟫',
  'at ⟪coordinates:52°31′12″N 13°24′18″E⟫, near ⟪coordinates:52.52, 13.40⟫',
  'write to ⟦email:anna@example.com⟧.Danach weiter, ⟦email:bob@example.com⟧。谢谢',
  'fax ⟦phone:+49 (0) 89 / 12 34 56⟧, ⟦phone:+1 (415) 555 2671 ext. 12⟧, tel:⟦phone:+14155552671⟧',
  'numbers 12-34-56-78-90, 0123-456-789, 06 12 34 56 78 and 2024-11-21 10:00:00',
];
