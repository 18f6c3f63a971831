/** Whose stream it is: both must match, or the stream does not exist for the caller. */
export interface StreamOwner {
  readonly tenantId: string;
  readonly principalId: string;
}

export const owns = (owner: StreamOwner, other: StreamOwner): boolean =>
  owner.tenantId === other.tenantId && owner.principalId === other.principalId;

/** The caller as the owner of what it opens. */
export const ownerOf = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }): StreamOwner => ({
  tenantId,
  principalId: id,
});
