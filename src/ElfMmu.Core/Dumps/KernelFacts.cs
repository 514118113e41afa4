namespace ElfMmu.Dumps;

/// <summary>What a Linux kernel's VMCOREINFO text says of where and when a dump was taken.</summary>
internal static class KernelFacts
{
    private static readonly (string Key, string Name)[] Named =
    [
        ("BUILD-ID", "Build ID"),
        ("PAGESIZE", "Kernel page size"),
    ];

    /// <summary>Collects it; nothing where there is no text.</summary>
    public static DumpFacts Of(ReadOnlySpan<byte> text)
    {
        var details = new List<KeyValuePair<string, object>>();
        foreach ((string key, string name) in Named)
        {
            if (VmcoreInfo.Text(text, key) is { Length: > 0 } value)
            {
                details.Add(new(name, value));
            }
        }

        if (VmcoreInfo.HexNumber(text, "KERNELOFFSET") is { } offset)
        {
            details.Add(new("Kernel offset", $"0x{offset:x}"));
        }

        return new DumpFacts
        {
            OperatingSystem = VmcoreInfo.Text(text, "OSRELEASE") is { Length: > 0 } release ? "Linux " + release : null,
            TakenUtc = VmcoreInfo.Number(text, "CRASHTIME") is { } seconds ? Time(seconds) : null,
            Details = details,
        };
    }

    /// <summary>A time in seconds since 1970; null for 0 and for what no clock says.</summary>
    public static DateTime? Time(ulong seconds)
    {
        const ulong Most = 253_402_300_799; // The year 9999 ends.
        return seconds is > 0 and <= Most ? DateTime.UnixEpoch.AddSeconds(seconds) : null;
    }
}
