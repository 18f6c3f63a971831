-- What the calls of a row cost, in nanodollars, at the prices that held when they ended; 0 where no price was known.
ALTER TABLE token_usage ADD COLUMN cost_nanodollars bigint NOT NULL DEFAULT 0;
