/** Which build is running: stamped when it was made. */
export interface Build {
  /** Version of the package. */
  readonly version: string;
  /** Short commit, or `unknown` for a build outside a checkout. */
  readonly commit: string;
}

/** Injection token of the build. */
export const BUILD = Symbol('BUILD');

/** `X-Service-Version`, e.g. `0.1.0+1a2b3c4` (SemVer build metadata). */
export const versionText = ({ version, commit }: Build): string => `${version}+${commit}`;
