namespace ElfMmu.Paging;

/// <summary>What one side (data or instructions) finds at an address at one privilege; without rights it finds nothing.</summary>
internal readonly record struct PowerPcTranslation
{
    /// <summary>The physical address.</summary>
    public uint Physical { get; init; }

    /// <summary>What may be done there.</summary>
    public Rights Rights { get; init; }

    /// <summary>The base-two logarithm of the page's or block's size.</summary>
    public int PageShift { get; init; }

    /// <summary>0 for a block, which no table was asked for; 1 for a page.</summary>
    public int Level { get; init; }

    /// <summary>Write-through, caching inhibited, memory coherence, guarded.</summary>
    public uint Wimg { get; init; }

    /// <summary>Whether the processor has used the page.</summary>
    public bool Referenced { get; init; }

    /// <summary>Whether the processor has written to the page.</summary>
    public bool Changed { get; init; }

    /// <summary>
    /// Both sides of one privilege. Where they lead to different places, the data's is what a debugger reads, so it is listed alone.
    /// </summary>
    public static PowerPcTranslation Join(PowerPcTranslation data, PowerPcTranslation instructions) =>
        data.Rights == Rights.None ? instructions
        : instructions.Physical == data.Physical ? data with { Rights = data.Rights | instructions.Rights }
        : data;

    /// <summary>
    /// What is listed of both privileges: where they lead to different places, the supervisor's. Page size, WIMG, R and C are those
    /// of the translation whose address is listed.
    /// </summary>
    /// <returns>False when there are no rights at either.</returns>
    public static bool TryList(
        PowerPcTranslation supervisor, PowerPcTranslation user, out uint physical, out MappingAttributes attributes)
    {
        PowerPcTranslation listed = supervisor.Rights != Rights.None ? supervisor : user;
        physical = listed.Physical;
        attributes = new MappingAttributes(
            user.Physical == physical ? user.Rights : Rights.None,
            supervisor.Physical == physical ? supervisor.Rights : Rights.None,
            listed.Level,
            listed.PageShift,
            (int)listed.Wimg,
            global: false,
            listed.Referenced,
            listed.Changed);
        return listed.Rights != Rights.None;
    }
}
