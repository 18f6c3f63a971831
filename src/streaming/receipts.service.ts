import { Injectable } from '@nestjs/common';
import { type Receipt, signedText } from '#libs/sse/index.js';
import { SigningKeys } from '#src/audit/index.js';

/** Signs what a stream contained. */
@Injectable()
export class Receipts {
  constructor(private readonly keys: SigningKeys) {}

  /** @param root rolling hash over the first `count` events, hex */
  receipt(streamId: string, count: number, root: string): Receipt {
    const signature = this.keys.sign(Buffer.from(signedText(streamId, count, root)));
    return { count, root, key_id: this.keys.keyId, signature };
  }
}
