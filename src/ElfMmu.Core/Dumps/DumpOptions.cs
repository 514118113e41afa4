namespace ElfMmu.Dumps;

/// <summary>What a dump can't say of itself.</summary>
public sealed record DumpOptions
{
    /// <summary>The physical address of a raw image's first byte; null for 0, or what the machine description says.</summary>
    public ulong? RamBase { get; init; }

    /// <summary>Where the pieces of a raw image were, if not in one stretch; <see cref="RamBase"/> isn't asked for then.</summary>
    public RawLayout? Layout { get; init; }

    /// <summary>
    /// Whether what is damaged, or was left out of the dump though it was RAM, is read as zeros. By default it is absent, so that nobody takes
    /// it for evidence.
    /// </summary>
    public bool ZeroFill { get; init; }

    /// <summary>The path of a machine description to read beside the dump.</summary>
    public string? MachinePath { get; init; }

    /// <summary>
    /// Is told how many bytes of a packed file are unpacked and how many it has, again and again, by the thread that opens the dump; nothing is
    /// unpacked while it runs. Null where nobody asks.
    /// </summary>
    public Action<ulong, ulong>? Progress { get; init; }
}
