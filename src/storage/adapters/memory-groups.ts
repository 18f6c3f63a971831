/** Who is here, by group. A member that said nothing for too long is gone. */
export class MemoryGroups {
  private readonly groups = new Map<string, Map<string, number>>();

  attend(group: string, member: string, { ttlMs, now }: { readonly ttlMs: number; readonly now: number }): number {
    const members = this.groups.get(group) ?? new Map<string, number>();
    for (const [name, until] of members) if (until <= now) members.delete(name);
    this.groups.set(group, members.set(member, now + ttlMs));
    return members.size;
  }
}
