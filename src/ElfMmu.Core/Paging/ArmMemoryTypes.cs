namespace ElfMmu.Paging;

/// <summary>The memory types that the eight bytes of MAIR name.</summary>
/// <remarks>Arm ARM DDI 0487, the description of MAIR_EL1; DDI 0406C, of MAIR0 and MAIR1.</remarks>
internal static class ArmMemoryTypes
{
    /// <summary>The types of devices, by two bits.</summary>
    public static readonly string[] Devices = ["Device-nGnRnE", "Device-nGnRE", "Device-nGRE", "Device-GRE"];

    /// <summary>Names for the indexes where MAIR isn't known.</summary>
    public static readonly string[] Indexes = [.. Enumerable.Range(0, 8).Select(i => $"Attr{i}")];

    /// <summary>What an index of a leaf stands for.</summary>
    /// <param name="mair">The register, or MAIR1 above MAIR0.</param>
    /// <param name="index">0 to 7.</param>
    public static string Name(ulong mair, int index)
    {
        int type = (int)(mair >> (8 * index)) & 0xff;
        if (type >> 4 == 0)
        {
            return (type & 3) == 0 ? Devices[type >> 2] : "reserved";
        }

        if (type == 0xf0)
        {
            return "Normal WB, tagged";
        }

        (string outer, string inner) = (Policy(type >> 4), Policy(type & 15));
        return outer == inner ? "Normal " + outer : $"Normal, outer {outer}, inner {inner}";
    }

    /// <summary>Write-through, non-cacheable or write-back; whether lines are allocated makes no difference to what is stored.</summary>
    private static string Policy(int bits) => bits switch
    {
        0 => "reserved",
        4 => "NC",
        < 4 => "WT transient",
        < 8 => "WB transient",
        < 12 => "WT",
        _ => "WB",
    };
}
