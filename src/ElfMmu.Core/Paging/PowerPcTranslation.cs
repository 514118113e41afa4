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
    /// What is listed of both sides at both privileges: the address of the first that has any rights, in the order of the parameters,
    /// and what the others may do at that address. (Data comes first, since that is what a debugger reads.) Page size, WIMG, R and C
    /// are those of the translation whose address is listed.
    /// </summary>
    /// <returns>False when there are no rights at all.</returns>
    public static bool TryList(
        in PowerPcTranslation data,
        in PowerPcTranslation instructions,
        in PowerPcTranslation userData,
        in PowerPcTranslation userInstructions,
        out uint physical,
        out MappingAttributes attributes)
    {
        PowerPcTranslation listed = data.Rights != Rights.None ? data
            : instructions.Rights != Rights.None ? instructions
            : userData.Rights != Rights.None ? userData
            : userInstructions;
        physical = listed.Physical;
        attributes = new MappingAttributes(
            userData.RightsAt(physical) | userInstructions.RightsAt(physical),
            data.RightsAt(physical) | instructions.RightsAt(physical),
            listed.Level,
            listed.PageShift,
            (int)listed.Wimg,
            global: false,
            listed.Referenced,
            listed.Changed);
        return listed.Rights != Rights.None;
    }

    private Rights RightsAt(uint physical) => Physical == physical ? Rights : Rights.None;
}
