namespace ElfMmu.Paging;

/// <summary>Rights as x86 entries state them: bit 1 write, bit 2 user, bit 63 no execution.</summary>
internal static class X86Rights
{
    public const ulong Write = 1 << 1;
    public const ulong User = 1 << 2;
    public const ulong NoExecute = 1UL << 63;

    /// <summary>
    /// Combines an entry with the levels above it: write and user hold only if every level says so, no-execute if any does.
    /// CR0.WP, SMEP, SMAP and protection keys are switches of the moment and not part of the tables' rights.
    /// </summary>
    /// <remarks>Intel SDM volume 3A, 5.6 "Access Rights"; AMD APM volume 2, 5.6 "Page-Protection Checks".</remarks>
    public static ulong Combine(ulong above, ulong entry) =>
        (above & entry & (Write | User)) | ((above | entry) & NoExecute);

    /// <summary>The rights in supervisor mode.</summary>
    public static Rights Supervisor(ulong state) =>
        Rights.Read
        | (Rights)(state & Write)
        | (Rights)((state >> 63) ^ 1);

    /// <summary>The rights in user mode.</summary>
    public static Rights UserMode(ulong state) => (state & User) == 0 ? Rights.None : Supervisor(state);

    /// <summary>The attributes of a leaf.</summary>
    /// <param name="state">The combined rights of all levels.</param>
    /// <param name="entry">The leaf.</param>
    /// <param name="level">The level's number.</param>
    /// <param name="pageShift">The log2 of the page size.</param>
    /// <param name="patShift">Where the leaf keeps its PAT bit: 7 in 4 KiB pages, 12 in larger ones.</param>
    public static MappingAttributes Attributes(ulong state, ulong entry, int level, int pageShift, int patShift) => new(
        UserMode(state),
        Supervisor(state),
        level,
        pageShift,
        (int)(((entry >> 3) & 3) | (((entry >> patShift) & 1) << 2)),
        global: (entry & (1 << 8)) != 0,
        accessed: (entry & (1 << 5)) != 0,
        dirty: (entry & (1 << 6)) != 0);
}
