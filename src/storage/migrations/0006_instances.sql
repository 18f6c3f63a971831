-- Which processes there are: what they know of each other while Redis, which they ask first, is away. Of the system, not of a
-- tenant: nothing is granted on it.
CREATE TABLE instances (
  id text PRIMARY KEY,
  present_until timestamptz NOT NULL
);
