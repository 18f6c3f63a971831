import { PartialJson } from './partial-json.js';

/** Entries one character pays for: drafts of ordinary size show every step, and all copying stays linear in the text. */
const CREDIT_PER_CHARACTER = 16;

/** Decides when a growing answer is worth showing: whenever something whole appeared and its copy is paid for. */
export class GrowingAnswer {
  private readonly json = new PartialJson();
  private credit = 0;
  private pending = false;

  /** @returns what is whole so far, or `undefined` when there is nothing new to show */
  push(text: string): unknown {
    this.pending = this.json.push(text) || this.pending;
    this.credit += text.length * CREDIT_PER_CHARACTER;
    const price = this.json.shown;
    if (!this.pending || this.json.over || price > this.credit) return undefined;
    this.pending = false;
    this.credit -= price;
    return this.json.snapshot();
  }
}
