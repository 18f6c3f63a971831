const STREAM_ID = /^strm_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can name a stream at all; nothing else is asked for in a store. */
export const isStreamId = (text: string): boolean => STREAM_ID.test(text);
